import type { Settings } from '../config/settings.ts';
import { openTwilioServices, type TwilioServices } from '../twilio/twilio-services.ts';
import { readsOf } from './reads-of.ts';

/** The configured services at Twilio, for reading; nothing is loaded or asked before the first read. */
export function wireTwilio(settings: Pick<Settings, 'services' | 'twilioRestUrl'>): TwilioServices {
  return openTwilioServices(readsOf(settings));
}
