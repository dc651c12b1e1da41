import type { ServiceName } from '../domain/service-name.ts';
import { textOf } from './read-text.ts';
import type { TwilioServices } from './twilio-services.ts';

/** Reads the service itself: whether a key opens it, and whose it is. Fails with `TwilioUnavailable`. */
export function createServiceReader(services: TwilioServices) {
  return {
    read: (service: ServiceName): Promise<{ accountSid: string }> =>
      services.read(service, async ({ twilio, serviceSid }) => {
        const { accountSid } = await twilio.conversations.v1.services(serviceSid).fetch();
        return { accountSid: textOf(accountSid) };
      }),
  };
}
