import type { Month } from '../domain/month.ts';
import { type InputFault, type Refusal, refused } from '../domain/refusal.ts';

/** Why an operator's write was not made; nothing was changed then. */
export type SteeringRefusal =
  | Extract<Refusal, { code: 'invalid-request' | 'not-found' }>
  | { outcome: 'refused'; code: 'conflict'; detail: string; errors?: InputFault[] }
  | { outcome: 'refused'; code: 'precondition-failed'; detail: string };

export const steeringRefusals = {
  invalid: (detail: string, errors: InputFault[]): SteeringRefusal =>
    refused('invalid-request', { detail, errors }),

  notFound: (detail: string): SteeringRefusal => refused('not-found', { detail }),

  conflict: (detail: string, errors?: InputFault[]): SteeringRefusal => ({
    outcome: 'refused',
    code: 'conflict',
    detail,
    ...(errors === undefined ? {} : { errors }),
  }),

  /**
   * Of a month whose rows the ledger cannot be asked for.
   *
   * @param otherwise what can be done all the same, such as `, or ask without a month`
   */
  archived: (month: Month, otherwise = '', rows = 'The people'): SteeringRefusal =>
    steeringRefusals.conflict(
      `${rows} of ${month} are in the archive. Put the month back first${otherwise}.`,
    ),

  stale: (): SteeringRefusal => ({
    outcome: 'refused',
    code: 'precondition-failed',
    detail: 'Somebody else has changed the limits in between. Read them again and decide anew.',
  }),

  keyTaken: (): SteeringRefusal =>
    steeringRefusals.conflict('This Idempotency-Key belongs to another request of yours.'),
};
