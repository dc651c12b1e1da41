import type { z } from 'zod';
import { type InputFault, refused } from '../domain/refusal.ts';
import type { Problem } from './problem.ts';

/** Faults reported at most: the answer must not grow far beyond a hostile request. */
const FAULTS_MAX = 20;

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

function pointerTo(path: readonly PropertyKey[]): string {
  return path
    .map((part) => `/${String(part).slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
