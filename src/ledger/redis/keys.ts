import type { Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';

/**
 * Every Redis key, spelled here and nowhere else. All keys of a service share the hash tag `{service}`, so
 * that one script may touch any of them on Redis Cluster.
 */
export interface ServiceKeys {
  /** HASH `kind:name` → code, `=kind:code` → name, `#kind` → highest code, `#epoch` → which set of codes this
   * is, `#exceptions` → there are links or blocks. */
  names: string;
  /** HASH `budget:YYYY-MM` → budget from that month on, `freeze:YYYY-MM` → instant or empty. */
  limits: string;
  /** HASH own identity → effective identity. */
  links: string;
  /** HASH identity → 1. */
  blocks: string;
  /** SET of months with at least one identity. */
  months: string;
  /** HASH of one month's counters and its histogram of masks. */
  totals(month: Month): string;
  /** BITMAP of one month: which buckets hold anyone, so that a small month is read without trying them all. */
  index(month: Month): string;
  /** HASH of one day's counters; `day` is `01` to `31`. */
  day(month: Month, day: string): string;
  /** STREAM of mints; an entry's id is the ordinal of its last row. */
  mints(month: Month): string;
  /** HASH identity → packed record, one of the month's buckets. */
  people(month: Month, bucket: number): string;
}

export function createServiceKeys(prefix: string, service: ServiceName): ServiceKeys {
  const root = `${prefix}:{${service}}:`;
  return {
    names: `${root}names`,
    limits: `${root}limits`,
    links: `${root}links`,
    blocks: `${root}blocks`,
    months: `${root}months`,
    totals: (month) => `${root}${month}:totals`,
    index: (month) => `${root}${month}:index`,
    day: (month, day) => `${root}${month}:day:${day}`,
    mints: (month) => `${root}${month}:mints`,
    people: (month, bucket) => `${root}${month}:people:${bucket}`,
  };
}

/** HASH of settings of the whole installation, such as the fingerprint of the identity secret. */
export function settingsKey(prefix: string): string {
  return `${prefix}:settings`;
}
