import type { Identity } from '../domain/identity.ts';
import { MARKS, SIGNALS } from '../domain/signal.ts';
import { BUCKETS, bucketOf } from '../ledger/buckets.ts';
import type { PersonLine } from './archive-lines.ts';
import { type Joined, type Pseudonyms, rename } from './join-rows.ts';

/** People of an entry held at a time, some 300 bytes each: a month may have millions. */
const HELD_MAX = 32_768;

/** People of an entry. */
export interface ArchivedPeople {
  rows: number;
  /** Their lines, from the first one; read once for each {@link HELD_MAX} of them. */
  read(): AsyncIterable<string[]>;
}

/**
 * Passes the ledger's people on, each with whatever the entry knows of them beyond that. The ledger gives them in the order
 * of their buckets; the entry is read a span of buckets at a time, since pseudonyms stand in it where their people stood.
 *
 * @param pieces lines of the ledger, whole ones
 * @param joined is told what differs
 * @param tick between two groups of lines
 */
export async function* joinPeople(
  archived: ArchivedPeople,
  pieces: AsyncIterable<string>,
  pseudonyms: Pseudonyms,
  joined: Joined,
  tick: () => Promise<void>,
): AsyncGenerator<string, void, undefined> {
  const span = Math.ceil(BUCKETS / Math.ceil((archived.rows + 1) / HELD_MAX));
  const identityOf = new Map([...pseudonyms].map(([identity, pseudonym]) => [pseudonym as string, identity]));
  /** Whoever is being erased stands under either name in the ledger. */
  const erased = new Map<string, string>();
  let held = new Map<string, string>();
  let until = 0;

  async function hold(): Promise<void> {
    joined.missing += held.size;
    held = new Map();
    const from = until;
    until += span;
    for await (const lines of archived.read()) {
      for (const line of lines) {
        const { identity } = JSON.parse(line) as PersonLine;
        const bucket = bucketOf(identity as Identity);
        const isHere = bucket >= from && bucket < until && !pseudonyms.has(identity);
        if (isHere) held.set(identity, line);
      }
      await tick();
    }
  }

  function take(identity: string): string | null {
    const own = held.get(identity) ?? erased.get(identity);
    const name = own === undefined ? identityOf.get(identity) : identity;
    const line = own ?? erased.get(name ?? '');
    if (name === undefined || line === undefined) return null;
    held.delete(name);
    erased.delete(name);
    return own === undefined ? rename(line, pseudonyms) : line;
  }

  if (pseudonyms.size > 0) {
    for await (const lines of archived.read()) {
      for (const line of lines) {
        const { identity } = JSON.parse(line) as PersonLine;
        if (pseudonyms.has(identity)) erased.set(identity, line);
      }
      await tick();
    }
  }
  for await (const piece of pieces) {
    let text = '';
    for (const line of piece.split('\n')) {
      if (line === '') continue;
      const { identity } = JSON.parse(line) as PersonLine;
      while (bucketOf(identity as Identity) >= until) await hold();
      const old = take(identity);
      const whole = old === null || old === line ? line : mergePeople(old, line);
      if (whole !== old || identityOf.has(identity)) joined.added += 1;
      text += `${whole}\n`;
    }
    yield text;
  }
  while (until < BUCKETS) await hold();
  joined.missing += held.size + erased.size;
}

/** All that two lines know of somebody: the ledger's may have come into being anew, with less. */
function mergePeople(archived: string, now: string): string {
  const [old, line] = [JSON.parse(archived) as PersonLine, JSON.parse(now) as PersonLine];
  const earliest = SIGNALS.flatMap((name) => {
    const seen = [...old.signals, ...line.signals].filter(({ signal }) => signal === name);
    return seen.toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0)).slice(0, 1);
  });
  const merged: PersonLine = {
    identity: line.identity,
    class: line.class === 'unknown' ? old.class : line.class,
    tenant: line.tenant ?? old.tenant,
    firstSeen: old.firstSeen < line.firstSeen ? old.firstSeen : line.firstSeen,
    lastSeen: old.lastSeen > line.lastSeen ? old.lastSeen : line.lastSeen,
    mints: Math.max(old.mints, line.mints),
    marks: MARKS.filter((mark) => old.marks.includes(mark) || line.marks.includes(mark)),
    signals: earliest,
  };
  return JSON.stringify(merged);
}
