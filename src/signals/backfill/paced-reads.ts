import { TwilioUnavailable } from '../../domain/twilio-unavailable.ts';

export interface PacedReadsParts {
  /** Calls a second, evenly spread. */
  perSecond: number;
  /** Monotonic, ms. */
  elapsed(): number;
  /** Ends early when told to stop. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Makes one call after the other at a steady pace; what Twilio asks to repeat is repeated, more slowly each time. */
export type PacedRead = <Answer>(call: () => Promise<Answer>, signal: AbortSignal) => Promise<Answer>;

const TRIES_MAX = 6;
const PAUSE_MS = 1_000;
/** A read changes nothing, so that all of these may be repeated. */
const PASSING = ['too-often', 'broken', 'no-answer'];

/** @throws what the last try threw, or the signal's reason when told to stop */
export function createPacedReads({ perSecond, elapsed, sleep }: PacedReadsParts): PacedRead {
  const gapMs = 1000 / perSecond;
  let free = 0;

  return async (call, signal) => {
    for (let tries = 1; ; tries++) {
      const now = elapsed();
      const wait = free - now;
      free = Math.max(free, now) + gapMs;
      if (wait > 0) await sleep(wait, signal);
      signal.throwIfAborted();
      try {
        return await orAbort(call(), signal);
      } catch (error) {
        const passing = error instanceof TwilioUnavailable && PASSING.includes(error.trouble);
        if (!passing || tries === TRIES_MAX) throw error;
        await sleep(PAUSE_MS * 2 ** (tries - 1), signal);
      }
    }
  };
}

/** A call that is under way is not waited for once everything is to end. */
async function orAbort<Answer>(work: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  let abort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
