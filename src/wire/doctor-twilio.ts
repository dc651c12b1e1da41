import type { Settings } from '../config/settings.ts';
import type { DoctorTwilio } from '../doctor/ports.ts';
import { monthOf } from '../domain/month.ts';
import { readTwilioSkewMs } from '../twilio/read-clock.ts';
import { createServiceReader } from '../twilio/read-service.ts';
import { createSetupReader } from '../twilio/read-setup.ts';
import { createUsageReader } from '../twilio/read-usage.ts';
import { openTwilioServices } from '../twilio/twilio-services.ts';
import { readsOf } from './reads-of.ts';

/** Below the limit of a check, so that what is said is the cause and not only that it took too long. */
const TIMEOUT_MS = 4_500;

export interface DoctorTwilioOptions {
  settings: Pick<Settings, 'services' | 'twilioRestUrl' | 'reconcile'>;
  now(): number;
  fetch: typeof globalThis.fetch;
}

/** Reads from Twilio, with the key that signs and with the one for reads. */
export function wireDoctorTwilio({ settings, now, fetch }: DoctorTwilioOptions): DoctorTwilio {
  const { services, twilioRestUrl: restUrl, reconcile } = settings;
  const signing = openTwilioServices({ services, restUrl, timeoutMs: TIMEOUT_MS });
  const reading = openTwilioServices({ ...readsOf(settings), timeoutMs: TIMEOUT_MS });
  const byKey = { signing: createServiceReader(signing), read: createServiceReader(reading) };
  const setup = createSetupReader(reading);
  const usage = createUsageReader(reading);
  return {
    fetchService: (service, key) => byKey[key].read(service),
    readSetup: (service) => setup.read(service),
    readUsage: (service) => usage.readMonth(service, monthOf(now()), reconcile.category),
    listTriggers: (service) => usage.listTriggers(service, reconcile.category),
    readSkewMs: () => readTwilioSkewMs({ restUrl, timeoutMs: TIMEOUT_MS, now, fetch }),
  };
}
