import { type Month, monthStartSeconds } from '../../../domain/month.ts';
import type { Page, PageRequest } from '../../page.ts';
import type { MintRecord } from '../../records.ts';
import { createServiceKeys } from '../keys.ts';
import type { NameKey } from '../names/names.ts';
import { rememberNames } from '../names/remember-names.ts';
import type { PageSource } from '../pages.ts';
import { type PackedMint, unpackMints } from '../records/packing.ts';
import { readAt } from '../records/read-at.ts';

/** Entries of the mint log to begin with; each holds 1 to 64 rows of some 40 bytes. */
const ENTRIES_AT_FIRST = 16;
const ENTRIES_PER_READ = 256;

/** The mint log in the order of ordinals. */
export async function readMints(
  source: PageSource,
  month: Month,
  { after, limit, loose = false }: PageRequest,
): Promise<Page<MintRecord>> {
  const log = createServiceKeys(source.prefix, source.service).mints(month);
  const start = Number(after ?? 0);
  const starts = monthStartSeconds(month);
  const enough = loose ? limit : limit + 1;
  const found: PackedMint[] = [];
  let from = start;
  let read = 0;
  let isEnd = false;
  while (found.length < enough && !isEnd) {
    const count = entriesFor(enough - found.length, found.length, read);
    // An entry's id is the ordinal of its last row, so the first entry after `start` may begin before it.
    const entries = await source.client.xrangeBuffer(log, `(${from}-0`, '+', 'COUNT', count);
    for (const [id, fields] of entries) {
      const entry = id.toString('latin1');
      from = Number.parseInt(entry, 10);
      const rows = readAt(
        () => `${log} ${entry}`,
        () => unpackMints(fields[1]!, from, starts),
      );
      for (const row of rows) {
        if (row.ordinal > start) found.push(row);
      }
    }
    read += entries.length;
    isEnd = entries.length < count;
  }
  if (loose) return { items: await nameMints(source, log, found), next: isEnd ? null : String(from) };
  const page = found.slice(0, limit);
  return {
    items: await nameMints(source, log, page),
    next: found.length > limit ? String(page.at(-1)!.ordinal) : null,
  };
}

/** How many entries hold so many rows more, going by those that were read. */
function entriesFor(rows: number, rowsRead: number, entriesRead: number): number {
  if (rowsRead === 0) return ENTRIES_AT_FIRST;
  return Math.min(ENTRIES_PER_READ, Math.ceil((rows * entriesRead) / rowsRead));
}

async function nameMints(
  { names, service }: PageSource,
  log: string,
  mints: readonly PackedMint[],
): Promise<MintRecord[]> {
  const wanted = new Set<NameKey>();
  for (const { codes } of mints) {
    wanted.add(`class:${codes.class}`).add(`intent:${codes.intent}`).add(`rule:${codes.rule}`);
  }
  const nameOf = rememberNames(await names.lookUp(service, wanted));
  const nameRow = ({ ordinal, issuedAt, expiresAt, identity, subject, outcome, codes }: PackedMint) => ({
    ordinal,
    issuedAt,
    expiresAt,
    identity,
    subject,
    className: nameOf('class', codes.class),
    intent: nameOf('intent', codes.intent),
    outcome,
    rule: nameOf('rule', codes.rule),
  });
  return readAt(
    () => log,
    () => mints.map(nameRow),
  );
}
