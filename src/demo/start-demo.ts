import type { Settings } from '../config/settings.ts';
import type { Caller } from '../domain/caller.ts';
import type { Clock } from '../domain/clock.ts';
import { createDemoBearerSource, createDemoLogins, type DemoLogin } from './demo-people.ts';
import { createDemoVisitors } from './demo-visitors.ts';
import { keepDemoActivities } from './keep-demo-activities.ts';
import { createDemoSite, type DemoSite } from './site/create-demo-site.ts';
import { startDemoTwilio } from './start-demo-twilio.ts';

/** What demo mode has besides a gateway. */
export interface Demo {
  /** The settings it was started with, and the fake in Twilio's place. */
  settings: Settings;
  logins: readonly DemoLogin[];
  bearerSources: readonly ((token: string) => Caller | undefined)[];
  site: DemoSite;
  /** Ends the fake Twilio. */
  close(): Promise<void>;
}

const NAME_BYTES = 12;
const SECRET_BYTES = 32;

/**
 * Starts the fake Twilio, and makes people and pages to go with it.
 *
 * @param randomToken makes an unguessable text of so many bytes in base64url
 */
export async function startDemo(
  settings: Settings,
  clock: Clock,
  randomToken: (bytes: number) => string,
): Promise<Demo> {
  const logins = createDemoLogins(() => randomToken(NAME_BYTES));
  const visitors = createDemoVisitors(randomToken(SECRET_BYTES), () => randomToken(NAME_BYTES));
  const { ledger } = settings;
  const memory = ledger.kind === 'embedded' ? keepDemoActivities(ledger.path) : null;
  const service = settings.services[0]!;
  const twilio = await startDemoTwilio(service, clock, () => randomToken(SECRET_BYTES), memory);
  return {
    settings: Object.freeze({ ...settings, twilioRestUrl: twilio.restUrl }),
    logins,
    bearerSources: [createDemoBearerSource(logins), visitors.source],
    site: createDemoSite(twilio, visitors),
    close: twilio.close,
  };
}
