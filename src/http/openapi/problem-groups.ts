import type { ProblemCode } from '../problem-code.ts';

/** Problems that come together, on whichever route. */

/** Where a body is read. */
export const BODY_PROBLEMS = [
  'payload-too-large',
  'unsupported-media-type',
] as const satisfies readonly ProblemCode[];

/** Where the ledger is asked. */
export const LEDGER_PROBLEMS = ['internal', 'ledger-unavailable'] as const satisfies readonly ProblemCode[];
