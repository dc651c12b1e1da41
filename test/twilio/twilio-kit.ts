import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { TwilioUnavailable } from '../../src/domain/twilio-unavailable.ts';
import { openTwilioServices, type TwilioServices } from '../../src/twilio/twilio-services.ts';
import { ACCOUNT, REST_KEY, SERVICE } from '../demo/twilio/fake-kit.ts';

/** The default service, read through the real library from the given base. */
export function servicesAt(
  restUrl: string,
  overrides: { secret?: string; timeoutMs?: number } = {},
): TwilioServices {
  return openTwilioServices({
    services: [
      {
        name: DEFAULT_SERVICE,
        accountSid: ACCOUNT,
        serviceSid: SERVICE,
        apiKey: { sid: REST_KEY.sid, secret: overrides.secret ?? REST_KEY.secret },
        region: null,
        edge: null,
      },
    ],
    restUrl,
    timeoutMs: overrides.timeoutMs ?? 2_000,
  });
}

/** The trouble that a read ends in. */
export async function troubleOf(reading: Promise<unknown>): Promise<TwilioUnavailable> {
  const error = await reading.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof TwilioUnavailable) return error;
  throw error;
}
