import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { ChatGateError, type Phase } from '../../src/client/index.ts';
import { createKit, HOUR_MS, type Kit, MINUTE_MS } from './kit.ts';

// Whatever happens, in whatever order: in the end there is a working client or a stated reason why not, never two
// clients at once, and never a loop of requests.

const refusal = (problem: object, status = 403) =>
  new ChatGateError('refused', { status, problem: problem as never });

const EVENTS: Record<string, (kit: Kit) => unknown> = {
  connect: ({ gate }) => void gate.connect().catch(() => {}),
  'connect and leave': ({ gate }) => {
    const controller = new AbortController();
    void gate.connect({ signal: controller.signal }).catch(() => {});
    controller.abort();
  },
  'connect with a deadline': ({ gate }) => void gate.connect({ timeoutMs: 700 }).catch(() => {}),
  disconnect: ({ gate }) => void gate.disconnect(),
  'switch user': ({ gate, source }) => {
    source.identity = source.identity === 'm_fake' ? 'm_other' : 'm_fake';
    void gate.switchUser();
  },
  'another login, unannounced': ({ source }) => {
    source.identity = 'm_stranger';
  },
  'get a token': ({ gate }) => void gate.getToken({ force: true }).catch(() => {}),
  'mount and unmount': ({ gate }) => gate.retain()(),
  hide: ({ browser }) => browser.hide(),
  show: ({ browser }) => browser.show(),
  press: ({ browser }) => browser.press(),
  offline: ({ browser }) => browser.goOffline(),
  online: ({ browser }) => browser.goOnline(),
  freeze: ({ browser }) => browser.freeze(),
  thaw: ({ browser }) => browser.thaw(),
  'a policy stops the socket': ({ browser }) => browser.forbid('wss://tsock.us1.twilio.com/'),
  'a gateway that works': ({ source }) => {
    source.answers.length = 0;
  },
  'a gateway that hangs': ({ source }) => source.answers.splice(0, 9, 'hang'),
  'a gateway that answers garbage': ({ source }) => source.answers.splice(0, 9, 'garbage'),
  'a gateway that is away': ({ source }) =>
    source.answers.splice(0, 9, new ChatGateError('gateway_unreachable', { retryable: true })),
  'a gateway that wants a wait': ({ source, clock }) =>
    source.answers.splice(
      0,
      9,
      new ChatGateError('rate_limited', { retryable: true, retryAt: clock.now() + 40_000 }),
    ),
  'a budget that is used up': ({ source }) =>
    source.answers.splice(0, 9, refusal({ code: 'mau-budget-exhausted' })),
  'a gateway that wants a visible tab': ({ source }) =>
    source.answers.splice(0, 9, refusal({ code: 'lazy-connect-required', when: 'visible' })),
  'a login that has ended': ({ source }) =>
    source.answers.splice(0, 9, new ChatGateError('unauthenticated', { status: 401 })),
  'tokens of a minute': ({ source }) => {
    source.lifeMs = MINUTE_MS;
  },
  'tokens of an hour': ({ source }) => {
    source.lifeMs = HOUR_MS;
  },
  'tokens that have expired': ({ source }) => {
    source.lifeMs = -1;
  },
  'a clock an hour off': ({ source }) => {
    source.skewMs = HOUR_MS;
  },
  'clients that connect': ({ sdk }) => {
    sdk.behaviour = 'connect';
  },
  'clients that never connect': ({ sdk }) => {
    sdk.behaviour = 'nothing';
  },
  'clients that are denied': ({ sdk }) => {
    sdk.behaviour = 'deny';
  },
  'clients that hang': ({ sdk }) => {
    sdk.hangs = true;
  },
  'clients that answer': ({ sdk }) => {
    sdk.hangs = false;
  },
  'an SDK that cannot be loaded': ({ sdk }) => {
    sdk.failLoad = true;
  },
  'the connection is lost': ({ sdk }) => sdk.alive().at(-1)?.lose(),
  'the connection is lost before it is let in': ({ sdk }) => sdk.alive().at(-1)?.loseEarly(),
  'the connection is back': ({ sdk }) => sdk.alive().at(-1)?.connect(),
  'the token is about to expire': ({ sdk }) => sdk.alive().at(-1)?.aboutToExpire(),
  'the token expires': ({ sdk }) => sdk.alive().at(-1)?.expire(),
  'the client is denied': ({ sdk }) => sdk.alive().at(-1)?.deny(),
  'a blip': ({ sdk }) => sdk.alive().at(-1)?.blip(),
};

/** What an app can rest in. */
const RESTS: readonly Phase[] = ['idle', 'ready', 'reconnecting', 'paused', 'blocked', 'offline', 'failed'];
/** Those that must say why. */
const STATED: readonly Phase[] = ['blocked', 'offline', 'failed'];

/** Attempts of one flight. */
const ATTEMPTS_MAX = 8;

const step = fc.record({
  event: fc.constantFrom(...Object.keys(EVENTS)),
  waitMs: fc.constantFrom(0, 0, 200, 2_000, 20_000, 6 * MINUTE_MS, HOUR_MS),
  asleep: fc.boolean(),
});

function identityOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).grants.identity;
}

async function play(
  steps: readonly { event: string; waitMs: number; asleep: boolean }[],
  random: number,
  user: string | undefined,
) {
  const kit = createKit({ retry: { random: () => random }, user: () => user, crossTab: false });
  const { gate, sdk, source, clock } = kit;
  try {
    let hours = 0;
    for (const { event, waitMs, asleep } of steps) {
      EVENTS[event]?.(kit);
      await (asleep ? clock.sleep(waitMs) : clock.advance(waitMs));
      hours += waitMs / HOUR_MS;
      if (sdk.alive().length > 1) throw new Error(`${sdk.alive().length} clients at once`);
    }
    const before = source.requests.length;
    // Each event is good for one flight for the person and one for the client, each hour for what renews it: a token
    // of a minute is renewed every half, one that cannot be renewed is tried for less and less often.
    const most = ATTEMPTS_MAX * 2 * steps.length + hours * 2 * 60 * ATTEMPTS_MAX;
    if (before > most) throw new Error(`${before} requests for ${steps.length} events in ${hours} h`);

    for (const { reason, tabState } of source.requests) {
      if (tabState === 'hidden' && reason.startsWith('re'))
        throw new Error(`a hidden tab asked to ${reason}`);
    }
    for (const { tokens } of sdk.clients) {
      if (new Set(tokens.map(identityOf)).size > 1)
        throw new Error('a client got the token of somebody else');
    }

    await clock.advance(10 * MINUTE_MS);
    const { phase, error } = gate.getSnapshot();
    if (!RESTS.includes(phase)) throw new Error(`still ${phase}`);
    if (STATED.includes(phase) && !error) throw new Error(`${phase}, and no reason`);
    const { connectionState } = gate.peek() ?? {};
    if (phase === 'ready' && connectionState !== 'connected')
      throw new Error(`ready, but ${connectionState}`);
    if (phase !== 'ready' && phase !== 'reconnecting' && sdk.alive().length > 0) {
      throw new Error(`${phase}, and yet a client is alive`);
    }

    // Once everything works again, whoever asks gets a client, without a page load.
    for (const mended of [
      'a gateway that works',
      'tokens of an hour',
      'clients that connect',
      'online',
      'show',
    ]) {
      EVENTS[mended]?.(kit);
    }
    sdk.hangs = false;
    sdk.failLoad = false;
    await clock.advance(MINUTE_MS);
    const waiting = gate.connect();
    const late = clock.advance(2 * MINUTE_MS);
    const client = await waiting.finally(() => late);
    if (gate.getSnapshot().phase === 'reconnecting') return;
    if (client.connectionState !== 'connected')
      throw new Error(`got a client that is ${client.connectionState}`);
  } finally {
    kit.clock.uninstall();
  }
}

describe('any order of events', () => {
  it('ends in a working client or a stated failure, never in a loop', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 25 }),
        fc.constantFrom(0, 0.5, 0.99),
        fc.constantFrom(undefined, 'ada'),
        play,
      ),
      { numRuns: 1_000 },
    );
  }, 60_000);
});
