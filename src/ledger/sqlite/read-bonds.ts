import type { Identity } from '../../domain/identity.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { IdentityFile, Merge } from '../bonds.ts';
import { bondsOf, isBlocked } from './bonds.ts';
import type { Books } from './books.ts';
import { toIdentityRecord } from './identity-record.ts';
import { monthNumber } from './month-number.ts';
import { People } from './people.ts';
import { whoIs } from './person.ts';
import { readMonths } from './read-months.ts';

/** Pairs that are one person, in order of recording. */
export function readMerges({ statements, names }: Books, service: ServiceName): Merge[] {
  return statements
    .all<[Identity, Identity, number]>('read-merges', [names.findService(service)])
    .map(([guest, member, at]) => ({ guest, member, at }));
}

/** Everything about an identity, from every kept month. */
export function readIdentityFile(books: Books, service: ServiceName, identity: Identity): IdentityFile {
  const { statements, names } = books;
  const number = names.findService(service);
  const { effective, isLinked, adopter } = bondsOf(books, number, identity);
  const who = whoIs(identity);
  const months = readMonths(books, service).flatMap((month) => {
    const person = new People(statements, number, monthNumber(month)).find(who);
    return person ? [{ month, record: toIdentityRecord(names, month, identity, person) }] : [];
  });
  const servedAs = isLinked ? effective : null;
  return { months, servedAs, servedFor: adopter, blocked: isBlocked(books, number, identity) };
}

/** What each own identity is served as; null for those without a link. */
export function readLinks(books: Books, service: ServiceName, own: readonly Identity[]): (Identity | null)[] {
  const number = books.names.findService(service);
  return own.map((identity) => {
    const { effective, isLinked } = bondsOf(books, number, identity);
    return isLinked ? effective : null;
  });
}
