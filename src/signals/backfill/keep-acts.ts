import { LRUCache } from 'lru-cache';
import type { Identity } from '../../domain/identity.ts';
import type { Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { BondLedger } from '../../ledger/bonds.ts';
import type { EvidenceLedger } from '../../ledger/ledger.ts';
import type { BackfillRecord } from './backfill-progress.ts';
import type { Acts } from './read-acts.ts';

export type BackfillLedger = EvidenceLedger & Pick<BondLedger, 'identityFile'>;

/** Brings acts to the ledger and counts whom the month knew before. */
export type KeepActs = (acts: readonly Acts[], found: BackfillRecord['found']) => Promise<void>;

/** Who was looked up already; somebody who falls out is looked up, and counted, once more. */
const SEEN_MAX = 200_000;

export function createKeepActs(ledger: BackfillLedger, service: ServiceName, month: Month): KeepActs {
  const seen = new LRUCache<Identity, true>({ max: SEEN_MAX });

  /** By something else than a backfill, which may have been here before. */
  async function standing(identity: Identity): Promise<'known' | 'added' | 'addedBefore'> {
    const { months } = await ledger.identityFile(service, identity);
    const signals = months.find((one) => one.month === month)?.record.signals;
    if (signals === undefined) return 'added';
    return signals.some(({ source }) => source !== 'backfill') ? 'known' : 'addedBefore';
  }

  return async (acts, found) => {
    const evidence = acts.flatMap((one) => one.evidence);
    const marks = acts.flatMap((one) => one.marks);
    const names = new Set(evidence.map(({ identity }) => identity));
    const fresh = [...names].filter((identity) => !seen.has(identity));
    const standings = await Promise.all(fresh.map(standing));
    if (evidence.length + marks.length > 0) await ledger.record(service, evidence, marks);
    for (const [at, identity] of fresh.entries()) {
      seen.set(identity, true);
      const is = standings[at]!;
      found[is] = (found[is] ?? 0) + 1;
    }
    found.acts += evidence.length;
    for (const { apart } of acts) found.apart += apart;
  };
}
