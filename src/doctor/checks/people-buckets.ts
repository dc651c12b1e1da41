import { amountOf } from '../../domain/amount-of.ts';
import { BUCKETS } from '../../ledger/buckets.ts';
import { type Finding, ok, warn } from '../finding.ts';
import type { LedgerMonth, RedisNode } from '../ports.ts';

/** What a Redis has unless told otherwise. */
const FIELDS_DEFAULT = 512;
const VALUE_BYTES_DEFAULT = 64;
/** Standard deviations by which the fullest of so many buckets is above the mean. */
const DEVIATIONS = 4;

/** Whether the month's people still fit into the compact form of hashes. Past it all is correct and twice as large. */
export function judgePeopleBuckets({ totals }: LedgerMonth, nodes: readonly RedisNode[]): Finding {
  const fields = Math.min(...nodes.map(({ compactFieldsMax }) => compactFieldsMax ?? FIELDS_DEFAULT));
  const bytes = Math.min(
    ...nodes.map(({ compactValueBytesMax }) => compactValueBytesMax ?? VALUE_BYTES_DEFAULT),
  );
  const mean = totals.all / BUCKETS;
  const fullest = Math.ceil(mean + DEVIATIONS * Math.sqrt(mean));
  const detail = `about ${amountOf(fullest, 'person', 'people')} in the fullest of ${BUCKETS.toLocaleString('en-US')} buckets, compact up to ${fields}`;
  if (fullest <= fields && bytes >= VALUE_BYTES_DEFAULT) return ok(detail);
  const name = fullest > fields ? 'hash-max-listpack-entries' : 'hash-max-listpack-value';
  const value = fullest > fields ? 2 ** Math.ceil(Math.log2(fullest)) : VALUE_BYTES_DEFAULT;
  return warn({
    detail: fullest > fields ? detail : `${detail}, values of ${bytes} bytes at most`,
    why: 'Redis turns larger hashes into another form: nothing is lost, and the month takes nearly twice the memory.',
    fix: `Plan for the memory, or CONFIG SET ${name} ${value} before the next month begins.`,
  });
}
