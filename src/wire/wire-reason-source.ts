import type { Settings } from '../config/settings.ts';
import type { ReasonSource } from '../issue/ports.ts';
import type { LookUpOptions } from '../twilio/create-look-ups.ts';
import { createReasonSource } from '../twilio/create-reason-source.ts';

/** Twilio as a source of reasons to connect, or null where it is not to be asked. */
export function wireReasonSource(settings: Settings): ReasonSource | null {
  return settings.connect.lookUp ? createReasonSource(readsOf(settings)) : null;
}

/** What Twilio is read with: the restricted key where there is one. */
export function readsOf({
  services,
  twilioRestUrl,
}: Pick<Settings, 'services' | 'twilioRestUrl'>): LookUpOptions {
  return {
    services: services.map((service) => ({ ...service, apiKey: service.restApiKey ?? service.apiKey })),
    restUrl: twilioRestUrl,
  };
}
