import type { Identity } from '../../domain/identity.ts';
import { monthOf } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { Adoption, AdoptionOutcome } from '../bonds.ts';
import type { Books } from './books.ts';
import { People } from './people.ts';
import { whoIs } from './person.ts';

export interface Bonds {
  /** What the identity is served as: itself, unless it is linked. */
  effective: Identity;
  isLinked: boolean;
  /** The own identity that is served as this one, when there is one. */
  adopter: Identity | null;
  /** True when it serves nobody as itself any more. */
  adopted: boolean;
}

export function bondsOf(
  { statements }: Pick<Books, 'statements'>,
  service: number,
  identity: Identity,
): Bonds {
  const row = statements.get<[Identity | null, Identity | null]>('bonds-of', [service, identity]);
  const [effective = null, adopter = null] = row ?? [];
  return {
    effective: effective ?? identity,
    isLinked: effective !== null,
    adopter,
    adopted: effective === null && adopter !== null,
  };
}

/** Whether issuing to any of them is stopped. */
export function isBlocked(
  { statements }: Pick<Books, 'statements'>,
  service: number,
  ...identities: Identity[]
): boolean {
  return [...new Set(identities)].some(
    (identity) => statements.get('block-of', [service, identity]) !== undefined,
  );
}

/** From now on `own` is served as `effective`, which serves nobody as itself any more. */
export function linkIdentity(
  { statements }: Books,
  service: number,
  own: Identity,
  effective: Identity,
): void {
  statements.run('release-identity', [service, own]);
  statements.run('set-link', [service, own, effective]);
  if (own !== effective) statements.run('add-adoption', [service, effective, own]);
}

/** Inside a transaction. */
export function adoptGuest(books: Books, service: ServiceName, adoption: Adoption): AdoptionOutcome {
  const { guest, member, at } = adoption;
  // The tables are asked for who is counted.
  books.write();
  const number = books.names.numberOf(service);
  const bonds = bondsOf(books, number, member);
  if (bonds.isLinked || guest === member) return { outcome: 'already-linked', identity: bonds.effective };
  const keptSeparate = (reason: Extract<AdoptionOutcome, { reason: string }>['reason']) =>
    ({ outcome: 'kept-separate', identity: member, reason }) as const;

  if (isBlocked(books, number, guest, member)) return keptSeparate('identity-blocked');
  const { isLinked, adopter } = bondsOf(books, number, guest);
  const mergedWith = books.statements.get<[Identity]>('merged-with', [number, guest])?.[0] ?? member;
  if (isLinked || adopter !== null || mergedWith !== member) return keptSeparate('guest-already-adopted');
  if (isCounted(books, number, member)) {
    books.statements.run('add-merge', [number, guest, member, at]);
    return keptSeparate('member-has-identity');
  }
  linkIdentity(books, number, member, guest);
  books.month(service, monthOf(at)).counts.countAdoption(Math.floor(at / 1000));
  return { outcome: 'adopted', identity: guest };
}

function isCounted({ statements }: Books, service: number, identity: Identity): boolean {
  const who = whoIs(identity);
  const months = statements.all<[number]>('read-months', [service]);
  return months.some(([month]) => new People(statements, service, month).has(who));
}
