import type { Caller } from '../domain/caller.ts';
import { findIdentityFault, IDENTITY_LENGTH_MAX, type Identity } from '../domain/identity.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { ImportFault, ImportLine } from './import-rows.ts';
import { callerOf, type Nameable, parseListedPerson } from './listed-person.ts';

/** Derives the own identity of a caller; the issuing path's own rule. */
export type ResolveIdentity = (caller: Caller) => { outcome: 'resolved'; identity: Identity } | Refusal;

/** Whom a line of a list that operators send can speak of. */
export interface PeopleOfLists extends Nameable {
  resolveIdentity: ResolveIdentity;
}

/** A line that names a person and the identity under which Twilio knows them. */
export interface ImportPair {
  line: number;
  /** Derived from issuer, subject and class. */
  own: Identity;
  /** What the person is to be served as. */
  effective: Identity;
}

const IDENTITY_FAULTS = {
  empty: 'Is empty.',
  'too-long': `Has more than ${IDENTITY_LENGTH_MAX} characters, which Twilio refuses.`,
  alphabet: 'May hold letters, digits and . _ ~ @ + - only.',
  'looks-like-user-sid': 'Looks like a User SID, which Twilio refuses.',
} as const;

/** The pair that a line means, or everything that is wrong with it by itself. */
export function parseImportPair(
  { line, cells }: ImportLine,
  { resolveIdentity, ...nameable }: PeopleOfLists,
): ImportPair | ImportFault[] {
  const { person, faults } = parseListedPerson({ line, cells }, nameable);
  const identity = cells.identity ?? '';
  const fault = findIdentityFault(identity);
  if (fault !== null) faults.push({ line, column: 'identity', detail: IDENTITY_FAULTS[fault] });
  if (faults.length > 0 || person === null) return faults;

  const own = resolveIdentity(callerOf(person, person.classNames[0]));
  if (own.outcome === 'refused') {
    return [{ line, column: 'subject', detail: 'Names a person that cannot be a chat identity.' }];
  }
  return { line, own: own.identity, effective: identity as Identity };
}
