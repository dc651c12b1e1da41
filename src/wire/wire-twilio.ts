import type { Settings } from '../config/settings.ts';
import { openTwilioServices, type TwilioServices } from '../twilio/twilio-services.ts';

/** The configured services at Twilio, for reading; nothing is loaded or asked before the first read. */
export function wireTwilio({
  services,
  twilioRestUrl,
}: Pick<Settings, 'services' | 'twilioRestUrl'>): TwilioServices {
  return openTwilioServices({
    services: services.map((service) => ({ ...service, apiKey: service.restApiKey ?? service.apiKey })),
    restUrl: twilioRestUrl,
  });
}
