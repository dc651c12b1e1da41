import type { Caller } from '../domain/caller.ts';
import { findIdentityFault, IDENTITY_LENGTH_MAX, type Identity } from '../domain/identity.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { ImportColumn, ImportFault, ImportLine } from './import-rows.ts';

/** Derives the own identity of a caller; the issuing path's own rule. */
export type ResolveIdentity = (caller: Caller) => { outcome: 'resolved'; identity: Identity } | Refusal;

/** Whom a line can speak of. */
export interface KnownPeople {
  resolveIdentity: ResolveIdentity;
  /** Authorities whose people may be imported; with one of them a line need not name it. */
  issuers: readonly string[];
  /** Classes whose people have an identity of their own; the first is meant by a line that names none. */
  classes: readonly string[];
}

/** A line that names a person and the identity under which Twilio knows them. */
export interface ImportPair {
  line: number;
  /** Derived from issuer, subject and class. */
  own: Identity;
  /** What the person is to be served as. */
  effective: Identity;
}

const SUBJECT_LENGTH_MAX = 1_024;

const IDENTITY_FAULTS = {
  empty: 'Is empty.',
  'too-long': `Has more than ${IDENTITY_LENGTH_MAX} characters, which Twilio refuses.`,
  alphabet: 'May hold letters, digits and . _ ~ @ + - only.',
  'looks-like-user-sid': 'Looks like a User SID, which Twilio refuses.',
} as const;

/** The pair that a line means, or everything that is wrong with it by itself. */
export function parseImportPair(
  { line, cells }: ImportLine,
  { resolveIdentity, issuers, classes }: KnownPeople,
): ImportPair | ImportFault[] {
  const faults: ImportFault[] = [];
  const refuse = (column: ImportColumn, detail: string) => faults.push({ line, column, detail });

  const issuer = cells.issuer || (issuers.length === 1 ? issuers[0] : undefined);
  if (issuer === undefined) refuse('issuer', 'Is needed, because several issuers are configured.');
  else if (!issuers.includes(issuer)) refuse('issuer', 'Is no configured issuer.');

  const className = cells.class || classes[0];
  if (className === undefined || !classes.includes(className)) {
    refuse('class', `Must be a class whose people have an identity each: ${classes.join(', ')}.`);
  }

  const subject = cells.subject ?? '';
  if (subject.trim() === '') refuse('subject', 'Is empty.');
  else if (subject.length > SUBJECT_LENGTH_MAX) {
    refuse('subject', `Has more than ${SUBJECT_LENGTH_MAX} characters.`);
  }

  const identity = cells.identity ?? '';
  const fault = findIdentityFault(identity);
  if (fault !== null) refuse('identity', IDENTITY_FAULTS[fault]);

  if (faults.length > 0 || issuer === undefined || className === undefined) return faults;
  const caller: Caller = { issuer, subject, className, tenant: null, display: null, via: 'bearer' };
  const person = resolveIdentity(caller);
  if (person.outcome === 'refused') {
    return [{ line, column: 'subject', detail: 'Names a person that cannot be a chat identity.' }];
  }
  return { line, own: person.identity, effective: identity as Identity };
}
