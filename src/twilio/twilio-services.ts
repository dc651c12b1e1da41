import type Twilio from 'twilio';
import type { ServiceName } from '../domain/service-name.ts';
import { openTwilio, type TwilioOptions } from './open-twilio.ts';
import { twilioUnavailable } from './twilio-failure.ts';

export interface TwilioServiceOptions
  extends Omit<TwilioOptions, 'restUrl' | 'timeoutMs' | 'answerBytesMax'> {
  name: ServiceName;
  /** Of the Conversations service, `IS…`. */
  serviceSid: string;
}

export interface TwilioServicesOptions {
  services: readonly TwilioServiceOptions[];
  /** See {@link TwilioOptions.restUrl}. */
  restUrl: string | null;
  /** Deadline of one call, ms; default 10 s. */
  timeoutMs?: number;
}

/** What a read works with. */
export interface OpenedService {
  twilio: Twilio.Twilio;
  accountSid: string;
  serviceSid: string;
}

/** The configured services at Twilio, each opened when it is first read. */
export interface TwilioServices {
  /** Whatever goes wrong in the read comes out as `TwilioUnavailable`, without credentials or names. */
  read<Answer>(service: ServiceName, read: (opened: OpenedService) => Promise<Answer>): Promise<Answer>;
}

/** Nobody waits at a screen for these, and a busy Twilio takes seconds. */
const TIMEOUT_MS = 10_000;
/** Above a page of 100 messages with all that they may carry. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;

export function openTwilioServices({ services, restUrl, timeoutMs }: TwilioServicesOptions): TwilioServices {
  const opened = new Map<ServiceName, Promise<OpenedService>>();

  function open(name: ServiceName): Promise<OpenedService> {
    const known = opened.get(name);
    if (known !== undefined) return known;
    const service = services.find((one) => one.name === name);
    if (service === undefined) throw new RangeError(`There is no service ${name}.`);
    const { accountSid, serviceSid } = service;
    const opening = openTwilio({
      ...service,
      restUrl,
      timeoutMs: timeoutMs ?? TIMEOUT_MS,
      answerBytesMax: ANSWER_BYTES_MAX,
    }).then((twilio) => ({ twilio, accountSid, serviceSid }));
    opened.set(name, opening);
    return opening;
  }

  return {
    async read(name, read) {
      const service = await open(name);
      try {
        return await read(service);
      } catch (error) {
        throw twilioUnavailable(error);
      }
    },
  };
}
