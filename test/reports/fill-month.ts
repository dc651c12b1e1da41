import type { Identity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { EvidenceSource, Signal } from '../../src/domain/signal.ts';
import { planTokenLife } from '../../src/domain/token-life.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';

export interface Mint {
  identity: string;
  /** Instant, ISO-8601. */
  at: string;
  className?: string;
  tenant?: string;
  intent?: string;
  /** Another mark than before makes a new mint where the last token would be reused. */
  policyMark?: number;
}

/** Mints one token after the other in the service `default`, as the issuing path does. */
export async function mintTokens(ledger: Ledger, mints: readonly Mint[]): Promise<void> {
  for (const mint of mints) {
    await ledger.admit({
      service: DEFAULT_SERVICE,
      identity: mint.identity as Identity,
      className: mint.className ?? 'member',
      tenant: mint.tenant ?? null,
      intent: mint.intent ?? 'open_chat',
      rule: 'intent-allowed',
      life: planTokenLife(Date.parse(mint.at), 3600, 0),
      policyMark: mint.policyMark ?? 1,
      knownOnly: false,
      needsReason: false,
      hidden: false,
    });
  }
}

export interface Act {
  identity: string;
  signal: Signal;
  at: string;
  className?: string;
  source?: EvidenceSource;
}

/** Records evidence in the service `default`. */
export async function recordActs(ledger: Ledger, acts: readonly Act[]): Promise<void> {
  const evidence = acts.map(({ identity, signal, at, className, source }) => ({
    identity: identity as Identity,
    signal,
    at: Date.parse(at),
    source: source ?? ('webhook' as const),
    className: className ?? 'unknown',
  }));
  await ledger.record(DEFAULT_SERVICE, evidence);
}
