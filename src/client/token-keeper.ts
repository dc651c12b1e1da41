import { ChatGateError, passing } from './error.ts';
import { type KeptGrant, readGrant } from './grant.ts';
import type { TabState } from './page.ts';
import type { FetchReason, TokenSource } from './token-source.ts';
import { within } from './within.ts';

export interface RetryOptions {
  /** The first wait is random between 0 and this; the bound doubles each time. 500 unless told. */
  readonly baseMs?: number | undefined;
  /** 15,000 unless told. */
  readonly maxMs?: number | undefined;
  /** No attempt begins later than this after the first. 60,000 unless told. */
  readonly maxElapsedMs?: number | undefined;
  readonly random?: (() => number) | undefined;
}

export interface Want {
  readonly reason: FetchReason;
  readonly intent: string;
  /** This token will not do, whatever its age. */
  readonly not?: string | undefined;
}

export interface TokenKeeper {
  /** Single flight: whoever asks while an answer is under way gets that one. No request while a refusal holds. */
  get(want: Want): Promise<KeptGrant>;
  /** The token while it need not be renewed. */
  fresh(not?: string): KeptGrant | undefined;
  /** Ends the request that is under way, so that nobody is counted who has left. */
  abort(): void;
  /** Forgets the token. A refusal holds on. */
  drop(): void;
  /** Forgets the refusal as well: another person is there. */
  reset(): void;
}

/** Whatever the waits are: a random source that says 0 must not make it a loop. */
const ATTEMPTS_MAX = 8;
/** A token source of the app's own may hang. */
const ATTEMPT_MS_MAX = 30_000;
/**
 * A function of the app's own that errs, which trying again does not mend. By its words, since a network that is away is
 * a TypeError as well.
 */
const MISTAKE = /^ReferenceError|^TypeError.*(undefined|null|not a f|not it)/;

/**
 * Keeps one token, in memory only, and gets the next when it is asked for. Nothing happens by itself.
 *
 * @param checkMayAsk throws when a request must not even be tried, such as without a network; asked before every attempt
 */
export function createTokenKeeper(
  source: TokenSource,
  { baseMs = 500, maxMs = 15_000, maxElapsedMs = 60_000, random = Math.random }: RetryOptions = {},
  tabState: () => TabState,
  checkMayAsk: (want: Want) => void,
  onGrant: (grant: KeptGrant) => void,
): TokenKeeper {
  let kept: KeptGrant | undefined;
  let flight: Promise<KeptGrant> | undefined;
  let flightIntent = '';
  let controller: AbortController | undefined;
  /** The last answer that said when to ask again. */
  let held: ChatGateError | undefined;

  const heldMs = () => Math.max(0, (held?.retryAt ?? 0) - Date.now());
  const fresh = (not?: string) =>
    kept && kept.token !== not && Date.now() + kept.skewMs < kept.refreshAt ? kept : undefined;

  async function fetchWithRetry(want: Want, signal: AbortSignal): Promise<KeptGrant> {
    const startedAt = Date.now();
    for (let attempt = 1, waitMs = heldMs(); ; attempt++) {
      if (waitMs) await new Promise((done) => setTimeout(done, waitMs));
      // Whoever waited may have left meanwhile.
      if (signal.aborted) throw new ChatGateError('aborted');
      checkMayAsk(want);
      try {
        const context = { ...want, signal, tabState: tabState(), previousIdentity: kept?.identity };
        const asked = source.fetch(context);
        return readGrant(await within(asked, ATTEMPT_MS_MAX, signal));
      } catch (cause) {
        const mistaken = MISTAKE.test(String(cause));
        const code = mistaken ? 'source_failed' : 'gateway_unreachable';
        const error = cause instanceof ChatGateError ? cause : passing(code, cause);
        if (error.retryAt) held = error;
        waitMs = heldMs() + random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
        const late = Date.now() + waitMs - startedAt > maxElapsedMs;
        if (mistaken || !error.retryable || late || attempt === ATTEMPTS_MAX || signal.aborted) throw error;
      }
    }
  }

  async function get(want: Want): Promise<KeptGrant> {
    const have = fresh(want.not);
    if (have) return have;
    const joined = flight;
    if (joined) {
      const intent = flightIntent;
      try {
        const grant = await joined;
        if (grant.token !== want.not) return grant;
      } catch (error) {
        // What is refused to a tab that nobody looks at may be given to a person who asks.
        if (intent === want.intent) throw error;
      }
      return get(want);
    }
    // A short hold is waited for, a long one is not.
    if (held && heldMs() > (held.retryable ? maxElapsedMs : 0)) throw held;
    controller = new AbortController();
    const { signal } = controller;
    flightIntent = want.intent;
    flight = within(fetchWithRetry(want, signal), 0, signal);
    const mine = flight;
    try {
      kept = await mine;
    } finally {
      if (flight === mine) flight = undefined;
    }
    onGrant(kept);
    return kept;
  }

  function drop(): void {
    kept = undefined;
  }

  return {
    get,
    fresh,
    abort() {
      flight = undefined;
      controller?.abort();
    },
    drop,
    reset() {
      drop();
      held = undefined;
      source.forget?.();
    },
  };
}
