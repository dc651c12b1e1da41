import { monthOf } from '../../../domain/month.ts';
import { bucketOf } from '../../buckets.ts';
import type { Change } from '../../steering.ts';
import { codesOf } from '../admission/admit-batches.ts';
import type { ServiceKeys } from '../keys.ts';
import type { NameKey } from '../names/names.ts';
import type { PageSource } from '../pages.ts';
import type { LedgerClient } from '../scripts.ts';
import { readMonths, TAKEN_OVER } from './bonds.ts';
import { formatBudget, formatRaise, namesInBudget } from './limits-text.ts';

/** A command for `change-n.lua`, the place of its key among those of the plan (from 1), its arguments. */
type Write = readonly [command: string, place: number, ...arguments_: (string | number)[]];

/** What a change writes. */
export interface ChangePlan {
  keys: string[];
  writes: Write[];
  /** True when budget, raises or freeze change: their version rises, and thresholds are weighed again. */
  movesLimits: boolean;
}

/** Tells admissions that there are links or blocks to look at; most services never have any. */
export const EXCEPTIONS = '#exceptions';
/** Counts operators' changes of blocks, links and erasures, so that gateways notice those of others. */
const BONDS = '#bonds';

/** Counts identities that were linked or taken over, so that gateways forget whom they know otherwise. */
export const RELINKED = '#relinked';
/** Of these the latest are listed; a gateway that missed more looks at everybody whom it knows. */
export const RELINKED_LISTED = 10_000;

const LINKS_PER_SCAN = 1_000;
/** Places among the keys of an erasure. */
const MERGES = 4;
const NAMES = 5;
const RELINKED_LIST = 6;

/** Turns a change into writes; names it uses for the first time get their codes. `at` in ms since the epoch. */
export async function planChange(
  source: PageSource,
  keys: ServiceKeys,
  change: Change,
  at: number,
): Promise<ChangePlan> {
  const { limits, raises, blocks, names } = keys;
  switch (change.kind) {
    case 'budget': {
      const codeOf = await codesFor(source, namesInBudget(change.budget));
      const text = formatBudget(change.budget, codeOf);
      return moving([limits], [['HSET', 1, `budget:${change.month}`, text]]);
    }
    case 'raise': {
      const { raise } = change;
      const named = raise.scope === 'all' || raise.scope === 'tenant:*' ? [] : [raise.scope as NameKey];
      const text = formatRaise(raise, await codesFor(source, named));
      return moving(
        [limits, raises],
        [
          ['HSET', 1, `raise:${raise.id}`, text],
          ['HSET', 2, raise.id, JSON.stringify(raise)],
        ],
      );
    }
    case 'end-raise':
      return moving(
        [limits, raises],
        [
          ['HDEL', 1, `raise:${change.id}`],
          ['HDEL', 2, change.id],
        ],
      );
    case 'freeze':
      return moving([limits], [['HSET', 1, `freeze:${change.month}`, change.since ?? '']]);
    case 'block':
      return still(
        [names, blocks],
        [
          ['HSET', 1, EXCEPTIONS, 1],
          ['HINCRBY', 1, BONDS, 1],
          change.blocked ? ['HSET', 2, change.identity, 1] : ['HDEL', 2, change.identity],
        ],
      );
    case 'link':
      return planLinks(keys, change.links);
    case 'erase':
      return planErasure(source, keys, change.erasures, at);
    case 'document': {
      const { name, text } = change.document;
      return still([keys.papers(change.month)], [['HSETNX', 1, name, text]]);
    }
    case 'note':
      return still([], []);
    default:
      return change satisfies never;
  }
}

function planLinks(
  { names, links, relinked }: ServiceKeys,
  pairs: Extract<Change, { kind: 'link' }>['links'],
): ChangePlan {
  const writes: Write[] = [
    ['HSET', 1, EXCEPTIONS, 1],
    ['HINCRBY', 1, BONDS, 1],
  ];
  for (const { own, effective } of pairs) {
    writes.push(['HSET', 2, own, effective]);
    if (own !== effective) writes.push(['HSETNX', 2, effective, `${TAKEN_OVER}${own}`]);
    writes.push(['LPUSH', 3, own, effective]);
  }
  writes.push(['HINCRBY', 1, RELINKED, 2 * pairs.length], ['LTRIM', 3, 0, RELINKED_LISTED - 1]);
  return still([names, links, relinked], writes);
}

async function planErasure(
  source: PageSource,
  keys: ServiceKeys,
  erasures: Extract<Change, { kind: 'erase' }>['erasures'],
  at: number,
): Promise<ChangePlan> {
  const { client } = source;
  const months = await readMonths(source);
  const planned = [keys.links, keys.blocks, keys.erased, keys.merges, keys.names, keys.relinked];
  // The month of the erasure also when nobody is in it yet: whoever comes is not who was erased.
  const ordinals = [...new Set([...months, monthOf(at)])].flatMap((month) => [
    month,
    planned.push(keys.totals(month)),
  ]);
  const pseudonyms = new Map<string, string>(
    erasures.map(({ identity, pseudonym }) => [identity, pseudonym]),
  );
  const writes: Write[] = renameMerged(await client.hgetall(keys.merges), pseudonyms);
  writes.push(['HINCRBY', NAMES, BONDS, 1], ['DEL', RELINKED_LIST]);
  for (const { identity, pseudonym, staysVoid } of erasures) {
    for (const linked of await linkedWith(client, keys.links, identity)) writes.push(['HDEL', 1, linked]);
    writes.push(
      staysVoid ? ['HSET', 1, identity, `${TAKEN_OVER}${pseudonym}`] : ['HDEL', 1, identity],
      ['HDEL', 2, identity],
      ['ERASED', 3, identity, `${pseudonym} ${Math.floor(at / 1000)}`, ...ordinals],
    );
    planned.push(keys.member(identity));
    writes.push(['DEL', planned.length]);
    const bucket = bucketOf(pseudonym);
    for (const month of months) {
      planned.push(keys.people(month, bucketOf(identity)), keys.people(month, bucket), keys.index(month));
      const [from, to, index] = [planned.length - 2, planned.length - 1, planned.length] as const;
      writes.push(['MOVE', from, to, index, identity, pseudonym, bucket]);
    }
  }
  return still(planned, writes);
}

/** Both ends of a merge may be erased; the pair stays, so that the month's report still adds up. */
function renameMerged(merges: Record<string, string>, pseudonyms: ReadonlyMap<string, string>): Write[] {
  return Object.entries(merges).flatMap(([guest, text]): Write[] => {
    const [member, at] = text.split(' ') as [string, string];
    const [newGuest, newMember] = [pseudonyms.get(guest), pseudonyms.get(member)];
    if (newGuest === undefined && newMember === undefined) return [];
    return [
      ['HDEL', MERGES, guest],
      ['HSET', MERGES, newGuest ?? guest, `${newMember ?? member} ${at}`],
    ];
  });
}

/** Identities whose link, or mark of having been taken over, names this one. All links are looked through, in slices. */
async function linkedWith(client: LedgerClient, links: string, identity: string): Promise<string[]> {
  const linked: string[] = [];
  let cursor = '0';
  do {
    const [next, fields] = await client.hscan(links, cursor, 'COUNT', LINKS_PER_SCAN);
    for (let at = 0; at < fields.length; at += 2) {
      if (fields[at + 1] === identity || fields[at + 1] === `${TAKEN_OVER}${identity}`)
        linked.push(fields[at]!);
    }
    cursor = next;
  } while (cursor !== '0');
  return linked;
}

async function codesFor({ names, service }: PageSource, wanted: NameKey[]) {
  if (wanted.length > 0) await names.intern(service, wanted);
  return codesOf(names, service);
}

function moving(keys: string[], writes: Write[]): ChangePlan {
  return { keys, writes, movesLimits: true };
}

function still(keys: string[], writes: Write[]): ChangePlan {
  return { keys, writes, movesLimits: false };
}
