import { monthArchiveSchema } from '../../contract/archive.ts';
import type { Session } from './session.ts';

/** Where rows are that an export of the ledger has not; null when they are not in the archive. */
export async function describeArchived(
  session: Session,
  month: string,
  what: 'identities' | 'mints',
): Promise<string | null> {
  const { data } = await session.read({ path: `/v1/months/${month}/archive`, schema: monthArchiveSchema });
  const state = what === 'mints' ? data.mints : data.people;
  if (state === 'kept' || state === 'stopped') return null;
  return (
    `the ${what} of ${month} are in the archive and no longer in the ledger; what puts them back is ` +
    `mau-guard restore --month ${month} --reason "…"`
  );
}
