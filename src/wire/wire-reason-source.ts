import type { Settings } from '../config/settings.ts';
import type { ReasonSource } from '../issue/ports.ts';
import { createReasonSource } from '../twilio/create-reason-source.ts';

/** Twilio as a source of reasons to connect, or null where it is not to be asked. */
export function wireReasonSource({ connect, services, twilioRestUrl }: Settings): ReasonSource | null {
  if (!connect.lookUp) return null;
  return createReasonSource({
    services: services.map((service) => ({ ...service, apiKey: service.restApiKey ?? service.apiKey })),
    restUrl: twilioRestUrl,
  });
}
