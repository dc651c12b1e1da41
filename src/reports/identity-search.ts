import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Clock } from '../domain/clock.ts';
import { parseIdentity } from '../domain/identity.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { BondLedger } from '../ledger/bonds.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { PERSON_POSITION } from '../ledger/page.ts';
import { readIdentityPage } from './identity-page.ts';
import { buildIdentityRow, type IdentityFilter, type IdentityRow, listIdentities } from './identity-rows.ts';
import { encodeCursor, FIRST_PAGE, type PageCursor, parseCursor } from './page-cursor.ts';

/** A look at a month that never reads more than a part of it. */
export interface IdentitySearch {
  items: IdentityRow[];
  /** Goes on where this one stopped; null at the end of the month. */
  nextCursor: string | null;
  /** Whether it stopped before its page was full, because it had read enough for once. */
  stoppedEarly: boolean;
}

export interface SearchBounds {
  /** Rows of a page. */
  limit: number;
  /** Rows of the ledger after which the search stops, also with too few matches. */
  readMax: number;
  /** Clock reading after which no further part is read, ms since the epoch: the machine may be slower than usual. */
  until: number;
  clock: Clock;
}

const READ_ROWS = 1_000;

/**
 * Up to `limit` matching identities, for a person who waits: the ledger has no order in which the matches of a filter
 * stand together, so a rare one would take the whole month. Null when the cursor is malformed or of another search.
 */
export async function searchIdentities(
  ledger: Pick<LedgerReader, 'identities'>,
  service: ServiceName,
  month: Month,
  filter: IdentityFilter,
  cursor: string | null,
  bounds: SearchBounds,
): Promise<IdentitySearch | null> {
  const { limit, readMax, until, clock } = bounds;
  const question = questionOf(service, month, filter);
  const from = cursor === null ? FIRST_PAGE : parseCursor(cursor, question, PERSON_POSITION);
  if (from === null) return null;
  const listing = listIdentities(ledger, service, month, filter);
  const items: IdentityRow[] = [];
  const end = (next: PageCursor | null) => ({
    items,
    nextCursor: next && encodeCursor(next, question),
    stoppedEarly: next !== null && items.length < limit,
  });
  let { position, after } = from;
  let read = 0;
  for (;;) {
    const page = await listing.read({ after: position, limit: listing.matches ? READ_ROWS : limit + 1 });
    for (const item of page.items) {
      if (after !== null && !listing.isBehind(item, after)) continue;
      if (listing.matches && !listing.matches(item)) continue;
      if (items.length === limit) return end({ position, after: items.at(-1)?.identity ?? null });
      items.push(buildIdentityRow(item));
    }
    read += page.items.length;
    if (page.next === null) return end(null);
    // The next page begins a new one of the ledger's, where no mark is needed.
    position = page.next;
    after = null;
    if (read >= readMax || clock.now() >= until) return end({ position, after });
    // The embedded ledger answers without ever leaving the process, and others wait too.
    await letOthersRun();
  }
}

/**
 * The one identity that is called just so, without reading others; its cursor leads to all that begin so. Null when
 * there is none, or when more than a name is asked for.
 */
export async function findIdentity(
  ledger: Pick<BondLedger, 'identityFile'>,
  service: ServiceName,
  month: Month,
  filter: IdentityFilter,
): Promise<IdentitySearch | null> {
  const { className, signals, not, beginning } = filter;
  const identity = beginning === null ? null : parseIdentity(beginning);
  if (identity === null || className !== null || signals.length > 0 || not.length > 0) return null;
  const page = await readIdentityPage(ledger, service, identity);
  const there = page?.months.find((one) => one.month === month);
  if (there === undefined) return null;
  const { class: found, firstSeen, lastSeen, mints } = there;
  const row = { identity, class: found, firstSeen, lastSeen, mints };
  return {
    items: [{ ...row, signals: there.signals.map(({ signal }) => signal) }],
    nextCursor: encodeCursor(FIRST_PAGE, questionOf(service, month, filter)),
    stoppedEarly: true,
  };
}

function questionOf(service: ServiceName, month: Month, filter: IdentityFilter): readonly unknown[] {
  return [service, month, 'search', filter];
}
