import { createHash } from 'node:crypto';
import { CLASS } from './resolve-people.js';

/**
 * People who have no login here: they fill a month. Their identities have the form and length of real ones, and are
 * the same in each run.
 *
 * @param {number} from
 * @param {number} count
 */
export function* fillerPeople(from, count) {
  for (let number = from; number < from + count; number++) {
    const digest = createHash('sha256').update(`filler ${number}`).digest('base64url');
    yield { identity: `${CLASS.prefix}${digest.slice(0, 22)}`, spread: number & 0xffff };
  }
}
