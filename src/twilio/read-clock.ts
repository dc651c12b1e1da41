import { TwilioUnavailable } from '../domain/twilio-unavailable.ts';

export interface TwilioClockOptions {
  /** Base in place of Twilio's own host, or null. */
  restUrl: string | null;
  timeoutMs: number;
  /** ms since the epoch. */
  now(): number;
  fetch: typeof globalThis.fetch;
}

const TWILIO_URL = 'https://api.twilio.com';
/** The header has whole seconds: on average the clock is half of one further. */
const HALF_SECOND_MS = 500;

/**
 * Twilio's clock minus ours, ms, by the date of an answer, taken in the middle of the way there and back. Asks without
 * credentials, so whatever the answer is, it has a date.
 *
 * @throws TwilioUnavailable without an answer or a date
 */
export async function readTwilioSkewMs({
  restUrl,
  timeoutMs,
  now,
  fetch,
}: TwilioClockOptions): Promise<number> {
  const sentAt = now();
  const response = await fetch(restUrl ?? TWILIO_URL, {
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: unknown) => {
    throw new TwilioUnavailable('no-answer', `no answer from Twilio: ${String(error)}`);
  });
  const answeredAt = now();
  await response.body?.cancel();
  const date = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(date)) throw new TwilioUnavailable('unreadable', 'the answer has no date');
  return Math.round(date + HALF_SECOND_MS - (sentAt + answeredAt) / 2);
}
