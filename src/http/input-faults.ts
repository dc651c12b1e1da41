import type { z } from 'zod';
import { findPrototypeMembers } from '../domain/prototype-members.ts';
import { type InputFault, refused } from '../domain/refusal.ts';
import type { Problem } from './problem.ts';

/** Faults reported at most: the answer must not grow far beyond a hostile request. */
export const FAULTS_MAX = 20;

/** The refusal for a body that does not fit its schema: all faults at once, each with a JSON pointer (RFC 6901). */
export function refusedInput(
  error: z.core.$ZodError,
  knownFields: readonly string[],
  input: object,
): Problem {
  const faults = error.issues.flatMap((issue) => describeIssue(issue, knownFields, input));
  const errors = faults.slice(0, FAULTS_MAX);
  const left = faults.length - errors.length;
  const detail = left > 0 ? `The body has faults; ${left} more are not listed.` : 'The body has faults.';
  return refused('invalid-request', { detail, errors });
}

/** The refusal for a body that names something `__proto__`, which no schema would see; null when none does. */
export function refusedPrototypes(input: object): Problem | null {
  const paths = findPrototypeMembers(input);
  if (paths.length === 0) return null;
  const detail = 'Cannot be a name.';
  const errors = paths.slice(0, FAULTS_MAX).map((path) => ({ pointer: pointerTo(path), detail }));
  return refused('invalid-request', { detail: 'The body has faults.', errors });
}

function describeIssue(issue: z.core.$ZodIssue, knownFields: readonly string[], input: object): InputFault[] {
  if (issue.code === 'unrecognized_keys') {
    const known = issue.path.length === 0 ? `; known are ${knownFields.join(', ')}` : '';
    const detail = `Unknown field${known}.`;
    return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), detail }));
  }
  const [field] = issue.path;
  const missing = issue.path.length === 1 && field !== undefined && !Object.hasOwn(input, field);
  const detail = missing ? 'Is required.' : issue.message;
  return [{ pointer: pointerTo(issue.path), detail }];
}

/** Nobody reads the whole of a deeper one. */
const STEPS_MAX = 32;

function pointerTo(path: readonly PropertyKey[]): string {
  return path
    .slice(0, STEPS_MAX)
    .map((part) => `/${String(part).slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
