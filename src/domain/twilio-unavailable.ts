import { GatewayError } from './gateway-error.ts';

/** What was wrong with a read from Twilio. */
export type TwilioTrouble = keyof typeof NEXT_STEPS;

/** What an operator can do about each. Without names, keys and addresses: it is shown outside. */
const NEXT_STEPS = {
  'not-signed-in': {
    says: 'Twilio did not accept the API key (401).',
    nextStep:
      'Check TWILIO_REST_API_KEY_SID and TWILIO_REST_API_KEY_SECRET (where they are not set, the signing key), and that the key belongs to TWILIO_ACCOUNT_SID and to its region.',
  },
  'not-allowed': {
    says: 'The API key may not read this (403).',
    nextStep:
      'Give the restricted key read access to Usage and Conversations, or use a standard key for TWILIO_REST_API_KEY_SID.',
  },
  'not-there': {
    says: 'Twilio does not know what was asked for (404).',
    nextStep:
      'Check TWILIO_ACCOUNT_SID and TWILIO_CONVERSATIONS_SERVICE_SID, and TWILIO_REGION with TWILIO_EDGE.',
  },
  'too-often': {
    says: 'Twilio asked to slow down (429).',
    nextStep: 'Wait a minute and ask again; other programs of the account share its limits.',
  },
  broken: {
    says: 'Twilio answered with an error of its own (5xx).',
    nextStep: 'Ask again later; status.twilio.com tells of outages.',
  },
  refused: {
    says: 'Twilio refused the read.',
    nextStep: 'Look for the code of this line of the log at twilio.com/docs/api/errors.',
  },
  unreadable: {
    says: 'The answer was not what Twilio documents.',
    nextStep: 'Check that TWILIO_REST_URL, if set, leads to Twilio and not to a page of a proxy.',
  },
  'no-answer': {
    says: 'There was no answer from Twilio.',
    nextStep: 'Check that this machine reaches Twilio by https, and TWILIO_REST_URL if it is set.',
  },
  'other-currency': {
    says: 'Twilio states the price in another currency than US dollars.',
    nextStep:
      'Prices are compared in US dollars only: leave them out for this account and compare the counts.',
  },
} as const;

/** When a retry makes sense unless told, in seconds. */
const RETRY_AFTER_SECONDS = 30;

/** A read from Twilio that failed, with its cause and what to do about it. */
export class TwilioUnavailable extends GatewayError {
  readonly trouble: TwilioTrouble;
  /** One sentence; may be shown to operators, as `nextStep`. */
  readonly says: string;
  readonly nextStep: string;

  /** @param internalDetail for the log; no credentials, no identities */
  constructor(trouble: TwilioTrouble, internalDetail: string, retryAfterSeconds = RETRY_AFTER_SECONDS) {
    super('twilio-unavailable', internalDetail, { retryAfterSeconds });
    this.name = 'TwilioUnavailable';
    this.trouble = trouble;
    this.says = NEXT_STEPS[trouble].says;
    this.nextStep = NEXT_STEPS[trouble].nextStep;
  }
}
