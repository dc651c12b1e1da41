import type { ReasonSource } from '../issue/ports.ts';
import { createLookUps, type LookUpOptions } from './create-look-ups.ts';
import { readWaiting } from './read-waiting.ts';

/** Asks Twilio whether a conversation waits for a person. */
export function createReasonSource(options: LookUpOptions): ReasonSource {
  const lookUp = createLookUps(options, (twilio, serviceSid, identity) =>
    readWaiting(twilio, serviceSid, identity, 1),
  );
  return {
    async hasReason(service, identity, nowMs) {
      return (await lookUp(service, identity, nowMs)).length > 0;
    },
  };
}
