import type { Caller } from '../domain/caller.ts';
import type { ImportColumn, ImportFault, ImportLine } from './import-rows.ts';

/** Whom a list can name. */
export interface Nameable {
  /** Authorities whose people may be listed; with one of them a line need not name it. */
  issuers: readonly string[];
  /** Classes whose people have an identity of their own; the first is meant where only one can be. */
  classes: readonly string[];
}

/** A person as a line of a list names them. */
export interface ListedPerson {
  issuer: string;
  subject: string;
  /** The class that the line names, or every class that they may have come as, in the configured order. */
  classNames: readonly [string, ...string[]];
}

const SUBJECT_LENGTH_MAX = 1_024;

/** The person that a line means, null when it has any of these faults; all that is wrong with it by itself. */
export function parseListedPerson(
  { line, cells }: ImportLine,
  { issuers, classes }: Nameable,
): { person: ListedPerson | null; faults: ImportFault[] } {
  const faults: ImportFault[] = [];
  const refuse = (column: ImportColumn, detail: string) => faults.push({ line, column, detail });

  const issuer = cells.issuer || (issuers.length === 1 ? issuers[0] : undefined);
  if (issuer === undefined) refuse('issuer', 'Is needed, because several issuers are configured.');
  else if (!issuers.includes(issuer)) refuse('issuer', 'Is no configured issuer.');

  const [first, ...rest] = cells.class ? [cells.class] : classes;
  if (first === undefined || !classes.includes(first)) {
    refuse('class', `Must be a class whose people have an identity each: ${classes.join(', ')}.`);
  }

  const subject = cells.subject ?? '';
  if (subject.trim() === '') refuse('subject', 'Is empty.');
  else if (subject.length > SUBJECT_LENGTH_MAX) {
    refuse('subject', `Has more than ${SUBJECT_LENGTH_MAX} characters.`);
  }

  if (faults.length > 0 || issuer === undefined || first === undefined) return { person: null, faults };
  return { person: { issuer, subject, classNames: [first, ...rest] }, faults };
}

/** Who they would be as one of their classes. */
export function callerOf({ issuer, subject }: ListedPerson, className: string): Caller {
  return { issuer, subject, className, tenant: null, display: null, via: 'bearer' };
}
