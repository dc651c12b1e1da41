import type { Settings } from '../config/settings.ts';

/** What Twilio is read with: the restricted key where there is one. */
export function readsOf({ services, twilioRestUrl }: Pick<Settings, 'services' | 'twilioRestUrl'>) {
  return {
    services: services.map((service) => ({ ...service, apiKey: service.restApiKey ?? service.apiKey })),
    restUrl: twilioRestUrl,
  };
}
