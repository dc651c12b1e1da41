import { GatewayError } from '../../domain/gateway-error.ts';
import { type Month, monthOf, previousMonth } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import { bucketOf } from '../buckets.ts';
import type { Evidence } from '../ledger.ts';
import { codesOf } from './admit-batches.ts';
import { dayOf } from './admit-keys.ts';
import { createServiceKeys } from './keys.ts';
import type { NameKey, Names } from './names.ts';
import { packEvidence } from './packing.ts';
import type { LedgerClient } from './scripts.ts';

const EVIDENCE_PER_CALL = 64;

/** Writes evidence month by month. A failure may leave some of it written; repeating all of it does no harm. */
export async function recordEvidence(
  client: LedgerClient,
  names: Names,
  prefix: string,
  service: ServiceName,
  evidence: readonly Evidence[],
): Promise<void> {
  const byMonth = new Map<Month, Evidence[]>();
  for (const piece of evidence) {
    const month = monthOf(piece.at);
    const group = byMonth.get(month);
    if (group) group.push(piece);
    else byMonth.set(month, [piece]);
  }
  // The earlier month first: whoever is in both is `returning` in the later, however the batch was put together.
  for (const [month, pieces] of [...byMonth].sort(([one], [two]) => (one < two ? -1 : 1))) {
    for (let from = 0; from < pieces.length; from += EVIDENCE_PER_CALL) {
      const batch = pieces.slice(from, from + EVIDENCE_PER_CALL);
      const classes = [...new Set(batch.map(({ className }): NameKey => `class:${className}`))];
      if (batch.some(({ className }) => names.code(service, 'class', className) === undefined)) {
        await names.intern(service, classes);
      }
      let reply = await recordBatch(client, names, prefix, service, month, batch);
      if (reply === 'codes') {
        names.forget(service);
        await names.intern(service, classes);
        reply = await recordBatch(client, names, prefix, service, month, batch);
      }
      if (reply !== 'recorded') throw new GatewayError('ledger-unavailable', `record answered "${reply}"`);
    }
  }
}

function recordBatch(
  client: LedgerClient,
  names: Names,
  prefix: string,
  service: ServiceName,
  month: Month,
  batch: readonly Evidence[],
): Promise<string> {
  const keys = createServiceKeys(prefix, service);
  const scriptKeys = [
    keys.names,
    keys.months,
    keys.limits,
    keys.alerts,
    keys.totals(month),
    keys.index(month),
  ];
  for (const { identity, at } of batch) {
    const bucket = bucketOf(identity);
    scriptKeys.push(
      keys.people(month, bucket),
      keys.people(previousMonth(month), bucket),
      keys.day(month, dayOf(at / 1000)),
    );
  }
  return client.record(
    scriptKeys.length,
    ...scriptKeys,
    names.epoch(service),
    month,
    packEvidence(batch, month, codesOf(names, service)),
  );
}
