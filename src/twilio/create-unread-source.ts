import type { UnreadSource } from '../issue/ports.ts';
import { createLookUps, type LookUpOptions } from './create-look-ups.ts';
import { readWaiting } from './read-waiting.ts';

/** Asks Twilio what waits for a person of whom no event has told. */
export function createUnreadSource(options: LookUpOptions): UnreadSource {
  return {
    unread: createLookUps(options, async (twilio, serviceSid, identity) => {
      const waiting = await readWaiting(twilio, serviceSid, identity, Number.POSITIVE_INFINITY);
      return waiting.sort((one, two) => (one.sid < two.sid ? -1 : 1));
    }),
  };
}
