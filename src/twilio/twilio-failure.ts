import { type TwilioTrouble, TwilioUnavailable } from '../domain/twilio-unavailable.ts';

/** Twilio's HTTP status behind an error of its library, or null when there was no answer. */
export function statusOf(error: unknown): number | null {
  const { status } = (error ?? {}) as { status?: unknown };
  return typeof status === 'number' ? status : null;
}

/**
 * A read that failed, told without what the library hangs on its errors: whole requests, with their credentials
 * and the identity in their address.
 */
export function twilioUnavailable(error: unknown, retryAfterSeconds?: number): TwilioUnavailable {
  if (error instanceof TwilioUnavailable) return error;
  const status = statusOf(error);
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (status !== null) {
    const detail = `Twilio answered ${status}${typeof code === 'number' ? `, code ${code}` : ''}`;
    return new TwilioUnavailable(troubleOf(status), detail, retryAfterSeconds);
  }
  // What is no JSON, or JSON of another shape, the library meets with errors of the language.
  if (error instanceof SyntaxError || error instanceof TypeError || isWithoutRecords(error)) {
    return new TwilioUnavailable(
      'unreadable',
      `Twilio's answer is unreadable: ${error.name}`,
      retryAfterSeconds,
    );
  }
  const detail = `no answer from Twilio: ${typeof code === 'string' ? code : String(name)}`;
  return new TwilioUnavailable('no-answer', detail, retryAfterSeconds);
}

function troubleOf(status: number): TwilioTrouble {
  switch (status) {
    case 401:
      return 'not-signed-in';
    case 403:
      return 'not-allowed';
    case 404:
      return 'not-there';
    case 429:
      return 'too-often';
    default:
      if (status >= 500) return 'broken';
      return status >= 400 ? 'refused' : 'unreadable';
  }
}

/** The library's own words for a page that holds no list. */
function isWithoutRecords(error: unknown): error is Error {
  return error instanceof Error && error.message === 'Page Records cannot be deserialized';
}
