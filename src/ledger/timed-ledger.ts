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
    join: timed('join', (service, request) => ledger.join(service, request)),
    countRefusal: timed('count-refusal', (...refusal) => ledger.countRefusal(...refusal)),
    withdrawRefusal: timed('count-refusal', (...refusal) => ledger.withdrawRefusal(...refusal)),
    record: timed('record', (service, evidence, marks) => ledger.record(service, evidence, marks)),
    replay: timed('replay', (service, mints) => ledger.replay(service, mints)),
    unread: timed('unread', (service, identity) => ledger.unread(service, identity)),
    months: timed('months', (service) => ledger.months(service)),
    totals: timed('totals', (service, month) => ledger.totals(service, month)),
    days: timed('days', (service, month) => ledger.days(service, month)),
    identities: timed('identities', (service, month, page) => ledger.identities(service, month, page)),
    mints: timed('mints', (service, month, page) => ledger.mints(service, month, page)),
    standing: timed('standing', (request) => ledger.standing(request)),
    preview: timed('preview', (request) => ledger.preview(request)),
    countShadow: timed('count-shadow', (service, rule, at) => ledger.countShadow(service, rule, at)),
    countBeacons: timed('count-beacons', (service, beacons, at) => ledger.countBeacons(service, beacons, at)),
    configureBudget: (service, month, budget) => ledger.configureBudget(service, month, budget),
    limits: timed('limits', (service, month) => ledger.limits(service, month)),
    change: timed('change', (service, change, terms) => ledger.change(service, change, terms)),
    recall: (service, key, now) => ledger.recall(service, key, now),
    audit: timed('audit', (service, page) => ledger.audit(service, page)),
    adopt: timed('adopt', (service, adoption) => ledger.adopt(service, adoption)),
    merges: timed('merges', (service) => ledger.merges(service)),
    identityFile: timed('identity-file', (service, identity) => ledger.identityFile(service, identity)),
    linksOf: timed('links-of', (service, own) => ledger.linksOf(service, own)),
    findPeople: timed('find-people', (service, own, month) => ledger.findPeople(service, own, month)),
    alerts: timed('alerts', (service, page) => ledger.alerts(service, page)),
    foretell: timed('foretell', (service, crossing) => ledger.foretell(service, crossing)),
    takeDeliveries: timed('take-deliveries', (service, take) => ledger.takeDeliveries(service, take)),
    settleDelivery: timed('settle-delivery', (service, alertId, target, result) =>
      ledger.settleDelivery(service, alertId, target, result),
    ),
    documents: timed('documents', (service, month, beginning) => ledger.documents(service, month, beginning)),
    lastingDocument: timed('documents', (service, month, name) =>
      ledger.lastingDocument(service, month, name),
    ),
    keepDocument: timed('keep-document', (service, month, document, expected) =>
      ledger.keepDocument(service, month, document, expected),
    ),
    // Slices of work in the background, which nobody waits for.
    retention: ledger.retention,
    checkFingerprint: (fingerprint, replace) => ledger.checkFingerprint(fingerprint, replace),
    ping: (service) => ledger.ping(service),
    close: () => ledger.close(),
  };
}
