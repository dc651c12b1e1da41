import type { Identity } from '../../../domain/identity.ts';
import type { Month } from '../../../domain/month.ts';
import type { Page } from '../../page.ts';
import type { MintRecord } from '../../records.ts';
import { createServiceKeys } from '../keys.ts';
import type { PageSource } from '../pages.ts';

const CLOCKS_DIFFER_SECONDS = 60;

/** The name under which the ledger has what was told of somebody at a second: since an erasure, their pseudonym. */
export type NameNow = (identity: Identity, at: number) => Identity;

/** How somebody was erased the last time. */
interface Erasure {
  pseudonym: Identity;
  /** By the clock of the gateway that erased, seconds. */
  at: number;
  /** The highest ordinal of each month's mint log at that time; null where an earlier version erased. */
  ordinals: ReadonlyMap<string, number> | null;
}

/**
 * Names people by when something was told of them, as of evidence: whoever comes back after an erasure is somebody new.
 * Null when none of them was erased.
 */
export async function readNamesNow(
  source: PageSource,
  identities: Iterable<Identity>,
): Promise<NameNow | null> {
  const erasures = await readErasures(source, identities);
  if (erasures === null) return null;
  return (identity, at) => {
    const erasure = erasures.get(identity);
    return erasure !== undefined && isBefore(erasure, at) ? erasure.pseudonym : identity;
  };
}

/** A stream keeps what it was given, so rows of the mint log get the pseudonyms of erased people when they are read. */
export async function readErasedAsPseudonyms(
  source: PageSource,
  month: Month,
  page: Page<MintRecord>,
): Promise<Page<MintRecord>> {
  if (page.items.length === 0) return page;
  const erasures = await readErasures(source, identitiesIn(page.items));
  if (erasures === null) return page;
  const nameIn = (identity: Identity, row: MintRecord) => {
    const erasure = erasures.get(identity);
    return erasure !== undefined && isErased(erasure, month, row) ? erasure.pseudonym : identity;
  };
  return {
    ...page,
    items: page.items.map((row) => ({
      ...row,
      identity: nameIn(row.identity, row),
      subject: nameIn(row.subject, row),
    })),
  };
}

/** Whether a row was there when its person was erased. */
function isErased(erasure: Erasure, month: Month, { ordinal, issuedAt }: MintRecord): boolean {
  if (erasure.ordinals === null) return isBefore(erasure, issuedAt);
  const upTo = erasure.ordinals.get(month);
  // A month that was not there has begun since, or has been put back out of an archive: months tell these apart.
  return upTo === undefined ? issuedAt <= erasure.at : ordinal <= upTo;
}

/** All that instants can tell: clocks of gateways may differ by a little. */
function isBefore(erasure: Erasure, at: number): boolean {
  return at <= erasure.at + CLOCKS_DIFFER_SECONDS;
}

/**
 * Looks these people up among those who were erased; null when none of them was. They are asked for only when somebody was:
 * nearly never, and an export reads a million rows.
 */
async function readErasures(
  { client, prefix, service }: PageSource,
  identities: Iterable<Identity>,
): Promise<ReadonlyMap<Identity, Erasure> | null> {
  const { erased } = createServiceKeys(prefix, service);
  if ((await client.exists(erased)) === 0) return null;
  const asked = [...new Set(identities)];
  if (asked.length === 0) return null;
  const texts = await client.hmget(erased, ...asked);
  const known = new Map<Identity, Erasure>();
  for (const [position, identity] of asked.entries()) {
    const text = texts[position];
    if (text) known.set(identity, parseErasure(text));
  }
  return known.size === 0 ? null : known;
}

/** Reads what `keys.ts` describes. */
function parseErasure(text: string): Erasure {
  const [pseudonym, at, ...months] = text.split(' ') as [Identity, string, ...string[]];
  const ordinals = months.map((one): [string, number] => {
    const colon = one.indexOf(':');
    return [one.slice(0, colon), Number(one.slice(colon + 1))];
  });
  return { pseudonym, at: Number(at), ordinals: ordinals.length === 0 ? null : new Map(ordinals) };
}

function* identitiesIn(rows: readonly MintRecord[]): Iterable<Identity> {
  for (const { identity, subject } of rows) {
    yield identity;
    yield subject;
  }
}
