import type { Ledger } from './ledger.ts';

/** A ledger that tells how long each call took, in seconds, whatever came of it. */
export function timeLedger(ledger: Ledger, observe: (operation: string, seconds: number) => void): Ledger {
  function timed<Arguments extends unknown[], Result>(
    operation: string,
    call: (...args: Arguments) => Promise<Result>,
  ): (...args: Arguments) => Promise<Result> {
    return async (...args) => {
      const startedAt = performance.now();
      try {
        return await call(...args);
      } finally {
        observe(operation, (performance.now() - startedAt) / 1000);
      }
    };
  }
  return {
    admit: timed('admit', (request) => ledger.admit(request)),
    countRefusal: timed('count-refusal', (service, code, at) => ledger.countRefusal(service, code, at)),
    record: timed('record', (service, evidence) => ledger.record(service, evidence)),
    months: timed('months', (service) => ledger.months(service)),
    totals: timed('totals', (service, month) => ledger.totals(service, month)),
    days: timed('days', (service, month) => ledger.days(service, month)),
    identities: timed('identities', (service, month, page) => ledger.identities(service, month, page)),
    mints: timed('mints', (service, month, page) => ledger.mints(service, month, page)),
    configureBudget: (service, month, budget) => ledger.configureBudget(service, month, budget),
    freeze: (service, month, since) => ledger.freeze(service, month, since),
    setBlocked: (service, identity, blocked) => ledger.setBlocked(service, identity, blocked),
    link: (service, own, effective) => ledger.link(service, own, effective),
    checkFingerprint: (fingerprint, replace) => ledger.checkFingerprint(fingerprint, replace),
    ping: () => ledger.ping(),
    close: () => ledger.close(),
  };
}
