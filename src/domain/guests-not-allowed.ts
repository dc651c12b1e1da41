import { type Refusal, refused } from './refusal.ts';

/** The refusal of a guest where the policy denies guests. */
export function guestsNotAllowed(): Refusal {
  return refused('guests-not-allowed', { detail: 'Guests are not served here; a login is needed.' });
}
