import type { Identity } from '../../domain/identity.ts';
import type { Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';

/**
 * Every Redis key, spelled here and nowhere else. All keys of a service share the hash tag `{service}`, so
 * that one script may touch any of them on Redis Cluster.
 */
export interface ServiceKeys {
  /** HASH `kind:name` → code, `=kind:code` → name, `#kind` → highest code, `#epoch` → which set of codes this
   * is, `#epoch-before` → the one that a loss of data ended, `#exceptions` → there are links or blocks, `#bonds` → version of blocks,
   * erased and links by operators, `#relinked` → how many identities were linked or taken over. */
  names: string;
  /** HASH `configured:YYYY-MM` and `budget:YYYY-MM` (an operator's) → budget from that month on, `freeze:YYYY-MM` →
   * instant or empty, `raise:<id>` → what admissions need of a raise, `in-force:YYYY-MM` → what scripts have read of
   * these, `#version`, `#alerts` and `#audit` → counters. */
  limits: string;
  /** HASH raise id → the whole raise, JSON. */
  raises: string;
  /** HASH random name of a gateway → what it says of itself to the others; see `lost-data/roll.ts`. */
  gateways: string;
  /** HASH own identity → effective identity; effective identity → `!` and the own one that is served as it. */
  links: string;
  /** LIST of own identities of which {@link ServiceKeys.links} says something new, the latest first; emptied by erasures. */
  relinked: string;
  /** HASH identity → 1. */
  blocks: string;
  /** HASH guest → `<member> <ms since the epoch>`: pairs that are one person and both counted. */
  merges: string;
  /** HASH erased identity → `<pseudonym> <second of the erasure>`, then ` <month>:<highest ordinal>` for each month there
   * was, for rows of the mint log, which cannot be changed. Earlier versions kept no ordinals. */
  erased: string;
  /** STREAM of alerts; ids count up. */
  alerts: string;
  /** ZSET of one target: alert id by when the delivery is due, ms since the epoch. */
  outbox(target: string): string;
  /** HASH `<alert id> <target>` → how the delivery stands, JSON; `first <target>` → id of the newest alert that there was
   * when the target was first named, 0 for none. */
  deliveries: string;
  /** HASH target → id of the newest alert it was offered. */
  offered: string;
  /** HASH SID of a conversation, 16 bytes → its highest index, whether it was removed, its months with a message. */
  conversations(bucket: number): string;
  /** HASH of one identity: SID of a conversation, 16 bytes → how far it was read, since when they are a member or not;
   * `!` → more conversations than are kept. */
  member(identity: Identity): string;
  /** STREAM of operator writes; ids count up. */
  audit: string;
  /** STRING, JSON with the answer given under an idempotency key. */
  answer(idempotencyKey: string): string;
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
  /** HASH id of a journal → the highest number of it that was replayed into this month. */
  replayed(month: Month): string;
  /** STREAM as {@link ServiceKeys.mints}, of a month whose mint log is being put back. */
  mintsBack(month: Month): string;
  /** HASH name → JSON: documents kept beside the figures of a month. */
  papers(month: Month): string;
  /** HASH identity → packed record, one of the month's buckets. */
  people(month: Month, bucket: number): string;
}

export function createServiceKeys(prefix: string, service: ServiceName): ServiceKeys {
  const root = `${prefix}:{${service}}:`;
  return {
    names: `${root}names`,
    limits: `${root}limits`,
    raises: `${root}raises`,
    gateways: `${root}gateways`,
    links: `${root}links`,
    relinked: `${root}relinked`,
    blocks: `${root}blocks`,
    merges: `${root}merges`,
    erased: `${root}erased`,
    alerts: `${root}alerts`,
    outbox: (target) => `${root}outbox:${target}`,
    deliveries: `${root}deliveries`,
    offered: `${root}offered`,
    conversations: (bucket) => `${root}conversations:${bucket}`,
    member: (identity) => `${root}member:${identity}`,
    audit: `${root}audit`,
    answer: (idempotencyKey) => `${root}answer:${idempotencyKey}`,
    months: `${root}months`,
    totals: (month) => `${root}${month}:totals`,
    index: (month) => `${root}${month}:index`,
    day: (month, day) => `${root}${month}:day:${day}`,
    mints: (month) => `${root}${month}:mints`,
    replayed: (month) => `${root}${month}:replayed`,
    mintsBack: (month) => `${root}${month}:mints-back`,
    papers: (month) => `${root}${month}:papers`,
    people: (month, bucket) => `${root}${month}:people:${bucket}`,
  };
}

/** HASH of settings of the whole installation, such as the fingerprint of the identity secret. */
export function settingsKey(prefix: string): string {
  return `${prefix}:settings`;
}
