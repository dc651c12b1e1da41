import type { Identity } from '../../domain/identity.ts';
import type { Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { PersonFound } from '../bonds.ts';
import { bondsOf } from './bonds.ts';
import type { Books } from './books.ts';
import { toIdentityRecord } from './identity-record.ts';
import { monthNumber } from './month-number.ts';
import { People } from './people.ts';
import { whoIs } from './person.ts';

/** Who each own identity is served as, and the record of that identity in the month. */
export function findPeople(
  books: Books,
  service: ServiceName,
  own: readonly Identity[],
  month: Month | null,
): PersonFound[] {
  const { statements, names } = books;
  const number = names.findService(service);
  const people = month === null ? null : new People(statements, number, monthNumber(month));
  return own.map((asked) => {
    const { effective: identity, adopted } = bondsOf(books, number, asked);
    if (adopted) return { identity: null, record: null };
    const person = people?.find(whoIs(identity)) ?? null;
    const isCounted = person !== null && month !== null;
    return { identity, record: isCounted ? toIdentityRecord(names, month, identity, person) : null };
  });
}
