import { afterEach, describe, expect, it } from '@jest/globals';
import { ChatGateError, createChatGate, createCoreGate, watchPage } from '../../src/client/index.ts';
import { createKit, HOUR_MS, type Kit, MINUTE_MS, NOW_MS } from './kit.ts';

let kit: Kit;
const use = (options: Parameters<typeof createKit>[0] = {}): Kit => {
  kit = createKit(options);
  return kit;
};

afterEach(() => kit.clock.uninstall());

const BUDGET = { code: 'mau-budget-exhausted', resetsAt: '2026-12-01T00:00:00Z' };
const passing = (code: ChatGateError['code']) => new ChatGateError(code, { retryable: true });
const phase = () => kit.gate.getSnapshot().phase;

describe('before anybody asks', () => {
  it('nothing happens: no token, no SDK, no timer', async () => {
    const { gate, source, sdk, clock, browser } = use();
    gate.subscribe(() => {});
    gate.on('token', () => {});
    const release = gate.retain();
    browser.hide();
    browser.show();
    await clock.advance(HOUR_MS);
    release();
    expect([source.requests.length, sdk.loads, sdk.clients.length]).toEqual([0, 0, 0]);
    expect(gate.getSnapshot()).toEqual({ phase: 'idle' });
    expect(gate.peek()).toBeUndefined();
  });

  it('making a gate with a URL asks nobody', () => {
    use();
    expect(createChatGate({ tokenSource: '/v1/tokens' }).getSnapshot().phase).toBe('idle');
  });
});

describe('connect()', () => {
  it('goes through its phases and answers the client', async () => {
    const { gate, sdk } = use();
    const phases: string[] = [];
    gate.on('phase', (told) => phases.push(told.phase));
    expect(await kit.connect()).toBe(sdk.clients[0]);
    expect(phases).toEqual(['loading', 'connecting', 'ready']);
    expect(gate.getSnapshot()).toMatchObject({
      phase: 'ready',
      identity: 'm_fake',
      tokenExpiresAt: NOW_MS + HOUR_MS,
    });
    expect(kit.source.requests).toMatchObject([
      { reason: 'connect', intent: 'open_chat', tabState: 'focused' },
    ]);
  });

  it('is one flight, for the token and for the client', async () => {
    const { gate, source, sdk, clock } = use();
    const all = Promise.all([gate.connect(), gate.connect(), gate.connect()]);
    await clock.advance(0);
    const later = await gate.connect();
    expect(new Set([...(await all), later]).size).toBe(1);
    expect([source.requests.length, sdk.loads, sdk.clients.length]).toEqual([1, 1, 1]);
  });

  it('lets one caller go and serves the others', async () => {
    const { gate, sdk, clock } = use();
    const controller = new AbortController();
    const left = gate.connect({ signal: controller.signal });
    const stayed = gate.connect();
    controller.abort();
    await expect(left).rejects.toMatchObject({ code: 'aborted' });
    await clock.advance(0);
    expect(await stayed).toBe(sdk.clients[0]);
  });

  it('makes no client when nobody is left to use it', async () => {
    const { gate, sdk, clock, source } = use();
    source.answers.push('hang');
    const controller = new AbortController();
    const left = gate.connect({ signal: controller.signal });
    controller.abort();
    await expect(left).rejects.toMatchObject({ code: 'aborted' });
    source.answers.length = 0;
    await clock.advance(HOUR_MS);
    expect(sdk.clients).toEqual([]);
    expect(phase()).toBe('idle');
  });

  it('asks nobody for a caller who has left before', async () => {
    const { gate, source } = use();
    await expect(gate.connect({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    expect(source.requests).toEqual([]);
  });

  it('keeps the deadline of a caller, and makes no client for nobody', async () => {
    const { gate, source, clock, sdk } = use();
    source.answers.push('hang');
    const waiting = expect(gate.connect({ timeoutMs: 500 })).rejects.toMatchObject({
      code: 'connect_timeout',
    });
    await clock.advance(500);
    await waiting;
    await clock.advance(HOUR_MS);
    expect(sdk.clients).toEqual([]);
  });

  it('ends with disconnect(), at once, also on its way', async () => {
    const { gate, source, clock, sdk } = use();
    source.answers.push('hang');
    const waiting = gate.connect();
    await gate.disconnect();
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    await clock.advance(HOUR_MS);
    expect(sdk.clients).toEqual([]);
    source.answers.length = 0;
    await kit.connect();
    expect(phase()).toBe('ready');
  });

  it('gives the region of the token to the SDK, and the app’s own options', async () => {
    const { sdk, source } = use({ clientOptions: { logLevel: 'warn' } });
    const { fetch } = source;
    source.fetch = async (context) => ({ ...(await fetch(context)), region: 'ie1' });
    await kit.connect();
    expect(sdk.clients[0]?.options).toEqual({ region: 'ie1', logLevel: 'warn' });
  });

  it('fails for good after close()', async () => {
    const { gate, sdk } = use();
    const client = await kit.connect();
    await gate.close();
    expect(client.isShutDown).toBe(true);
    await expect(gate.connect()).rejects.toMatchObject({ code: 'closed' });
    await expect(gate.getToken()).rejects.toMatchObject({ code: 'closed' });
    expect([phase(), sdk.alive().length]).toEqual(['closed', 0]);
  });
});

describe('a refusal', () => {
  it('for the budget blocks until it starts anew: one request, whoever asks', async () => {
    const { gate, source, sdk, browser, clock } = use();
    source.refuse(BUDGET);
    const blocked: unknown[] = [];
    gate.on('blocked', ({ error }) => blocked.push(error?.problem));
    expect(await kit.failure()).toMatchObject({ code: 'budget_exhausted', status: 403, problem: BUDGET });
    expect(gate.getSnapshot()).toMatchObject({ phase: 'blocked', resetsAt: Date.parse(BUDGET.resetsAt) });
    for (let times = 0; times < 5; times++) {
      browser.hide();
      browser.show();
      browser.press();
      await clock.advance(HOUR_MS);
      await gate.disconnect();
      expect(await kit.failure()).toMatchObject({ code: 'budget_exhausted' });
      await expect(gate.getToken()).rejects.toMatchObject({ code: 'budget_exhausted' });
    }
    expect(source.requests.length).toBe(1);
    expect(sdk.clients).toEqual([]);
    expect(blocked.length).toBe(6);

    source.refuse(null);
    await clock.advance(Date.parse(BUDGET.resetsAt) - clock.now());
    expect(source.requests.length).toBe(1);
    await kit.connect();
    expect(phase()).toBe('ready');
  });

  it('of another kind ends at the next deliberate connect()', async () => {
    const { source, browser, clock } = use();
    source.refuse({ code: 'new-identities-frozen' });
    expect(await kit.failure()).toMatchObject({ code: 'refused' });
    expect(phase()).toBe('blocked');
    for (let times = 0; times < 5; times++) {
      browser.hide();
      await clock.advance(HOUR_MS);
      browser.show();
    }
    expect(source.requests.length).toBe(1);
    source.refuse(null);
    await kit.connect();
    expect(source.requests.length).toBe(2);
  });

  it('that waits for the tab to be visible ends then, by itself', async () => {
    const { source, browser, clock } = use();
    browser.hide();
    source.refuse({ code: 'lazy-connect-required', when: 'visible' });
    expect(await kit.failure()).toMatchObject({ code: 'refused' });
    expect(phase()).toBe('paused');
    source.refuse(null);
    await clock.advance(HOUR_MS);
    expect(source.requests.length).toBe(1);
    browser.show();
    await clock.advance(0);
    expect(phase()).toBe('ready');
    expect(source.requests[1]).toMatchObject({ reason: 'connect', intent: 'open_chat', tabState: 'focused' });
  });

  it('to be lazy waits for a deliberate connect()', async () => {
    const { source, browser, clock } = use();
    source.refuse({ code: 'lazy-connect-required' });
    await kit.failure();
    browser.hide();
    browser.show();
    await clock.advance(HOUR_MS);
    expect([phase(), source.requests.length]).toEqual(['paused', 1]);
  });

  it('of a login is not repeated', async () => {
    const { source } = use();
    source.answers.push(new ChatGateError('unauthenticated', { status: 401 }));
    expect(await kit.failure()).toMatchObject({ code: 'unauthenticated' });
    expect([phase(), source.requests.length]).toEqual(['failed', 1]);
  });
});

describe('a failure that may pass', () => {
  it('is tried again, with waits', async () => {
    const { source } = use();
    const error = passing('gateway_unreachable');
    const { fetch } = source;
    let fails = 3;
    source.fetch = (context) => (fails-- > 0 ? Promise.reject(error) : fetch(context));
    await kit.connect();
    expect(phase()).toBe('ready');
    expect(kit.clock.now()).toBeGreaterThan(NOW_MS);
  });

  it('ends as a stated failure, after a bounded number of requests, also when chance says no wait', async () => {
    const { source, clock } = use({ retry: { random: () => 0 } });
    source.answers.push(passing('gateway_unreachable'));
    expect(await kit.failure()).toMatchObject({ code: 'gateway_unreachable', retryable: true });
    await clock.advance(24 * HOUR_MS);
    expect([phase(), source.requests.length]).toEqual(['failed', 8]);
  });

  it('asks no more once nobody wants the answer', async () => {
    const { source, clock, gate } = use({ retry: { random: () => 0.9 } });
    source.answers.push(passing('gateway_unreachable'));
    const waiting = expect(gate.connect()).rejects.toMatchObject({ code: 'aborted' });
    await clock.advance(100);
    await gate.disconnect();
    await waiting;
    await clock.advance(HOUR_MS);
    expect(source.requests.length).toBe(1);
  });

  it.each<[string, (kit: Kit, caller: AbortController) => unknown]>([
    ['disconnect()', ({ gate }) => gate.disconnect()],
    ['close()', ({ gate }) => gate.close()],
    ['a caller who leaves', (_, caller) => caller.abort()],
  ])('asks no more after %s, also where the person has a name', async (_, leave) => {
    const { source, clock, gate } = use({ user: () => 'ada', crossTab: false });
    source.answers.push(passing('gateway_unreachable'));
    const caller = new AbortController();
    const waiting = expect(gate.connect({ signal: caller.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
    await clock.advance(0);
    const [asked] = source.requests;
    await leave(kit, caller);
    await waiting;
    source.answers.length = 0;
    await clock.advance(HOUR_MS);
    expect([source.requests.length, asked?.signal.aborted]).toEqual([1, true]);
  });

  it('keeps to Retry-After', async () => {
    const { source, clock } = use();
    source.answers.push(
      new ChatGateError('rate_limited', { retryable: true, retryAt: NOW_MS + 20_000 }),
      passing('gateway_unreachable'),
    );
    const waiting = kit.gate.connect();
    await clock.advance(19_999);
    expect(source.requests.length).toBe(1);
    source.answers.length = 0;
    await clock.advance(2_000);
    await waiting;
    expect(source.requests.length).toBe(2);
  });

  it('does not ask at all while a long Retry-After lasts', async () => {
    const { source, clock } = use();
    source.answers.push(new ChatGateError('rate_limited', { retryable: true, retryAt: NOW_MS + HOUR_MS }));
    expect(await kit.failure()).toMatchObject({ code: 'rate_limited' });
    expect(await kit.failure()).toMatchObject({ code: 'rate_limited' });
    expect(source.requests.length).toBe(1);
    source.answers.length = 0;
    await clock.advance(HOUR_MS);
    await kit.connect();
  });

  it('goes on when the tab is looked at again, not before half a minute', async () => {
    const { source, browser, clock } = use({ retry: { maxElapsedMs: 0 } });
    source.answers.push(passing('gateway_unreachable'));
    await kit.failure();
    source.answers.length = 0;
    browser.press();
    await clock.advance(0);
    expect(source.requests.length).toBe(1);
    await clock.advance(30_000);
    expect(source.requests.length).toBe(1);
    browser.press();
    await clock.advance(0);
    expect([phase(), source.requests.length]).toEqual(['ready', 2]);
  });

  it('without a network asks nobody, and goes on when it is back', async () => {
    const { source, browser, clock } = use();
    browser.goOffline();
    expect(await kit.failure()).toMatchObject({ code: 'gateway_unreachable' });
    expect(phase()).toBe('offline');
    browser.press();
    await clock.advance(HOUR_MS);
    expect(source.requests).toEqual([]);
    browser.goOnline();
    await clock.advance(0);
    expect(phase()).toBe('ready');
  });

  it('of the SDK’s file is told, and mended by the next connect()', async () => {
    const { sdk } = use();
    sdk.failLoad = true;
    expect(await kit.failure()).toMatchObject({ code: 'sdk_load_failed', retryable: true });
    await kit.connect();
    expect(sdk.loads).toBe(2);
  });
});

describe('what the SDK does', () => {
  it('a blip is no failure', async () => {
    const { sdk, gate, clock } = use();
    sdk.behaviour = 'nothing';
    const waiting = gate.connect();
    await clock.advance(0);
    sdk.clients[0]?.blip();
    await clock.advance(5_000);
    expect(phase()).toBe('connecting');
    sdk.clients[0]?.connect();
    await expect(waiting).resolves.toBe(sdk.clients[0]);
  });

  it('a socket lost before it was let in is no failure either, though it is called terminal', async () => {
    const { sdk, gate, clock } = use();
    sdk.behaviour = 'nothing';
    const waiting = gate.connect();
    await clock.advance(0);
    sdk.clients[0]?.loseEarly();
    await clock.advance(5_000);
    expect(phase()).toBe('connecting');
    sdk.clients[0]?.connect();
    const client = await waiting;
    client.lose();
    client.loseEarly();
    await clock.advance(5_000);
    expect([phase(), gate.peek()]).toEqual(['reconnecting', client]);
  });

  it('a refusal is told once, with the reason of the second fault', async () => {
    const { sdk, gate } = use();
    sdk.behaviour = 'deny';
    const errors: ChatGateError[] = [];
    gate.on('error', (error) => errors.push(error));
    expect(await kit.failure()).toMatchObject({
      code: 'twilio_denied',
      status: 401,
      problem: { errorCode: 20101 },
    });
    expect([errors.length, phase(), sdk.clients.length]).toEqual([1, 'failed', 1]);
    expect(sdk.clients[0]?.isShutDown).toBe(true);
  });

  it('a token that is refused is not tried again', async () => {
    const denied: string[] = [];
    const { sdk, source } = use({ user: () => 'ada', crossTab: false });
    source.deny = (token) => denied.push(String(token));
    sdk.behaviour = 'deny';
    expect(await kit.failure()).toMatchObject({ code: 'twilio_denied' });
    sdk.behaviour = 'connect';
    await kit.connect();
    expect(source.requests.length).toBe(2);
    expect(denied).toEqual(sdk.clients[0]?.tokens);
  });

  it('a socket that never opens is a timeout, and the client is let go of', async () => {
    const { sdk, clock, browser } = use({ connectTimeoutMs: 5_000 });
    sdk.behaviour = 'nothing';
    expect(await kit.failure()).toMatchObject({ code: 'connect_timeout' });
    expect(sdk.clients[0]?.isShutDown).toBe(true);
    await clock.advance(HOUR_MS);
    expect(sdk.clients.length).toBe(1);
    void browser;
  });

  it('a socket that the page’s policy stops is told as that', async () => {
    const { sdk, gate, clock, browser } = use();
    sdk.behaviour = 'nothing';
    const waiting = expect(gate.connect()).rejects.toMatchObject({
      code: 'csp_blocked',
      docs: /#csp_blocked$/,
    });
    await clock.advance(0);
    browser.forbid('https://elsewhere.example/pixel');
    browser.forbid('wss://elsewhere.example/live');
    browser.forbid('wss://tsock.us1.twilio.com/v3/wsconnect', 'report');
    browser.forbid('inline');
    expect(phase()).toBe('connecting');
    browser.forbid('wss://tsock.us1.twilio.com/v3/wsconnect');
    await waiting;
    expect(sdk.alive()).toEqual([]);
  });

  it('a lost connection is the SDK’s to get back', async () => {
    const { source } = use();
    const client = await kit.connect();
    client.lose();
    expect(phase()).toBe('reconnecting');
    client.connect();
    expect(phase()).toBe('ready');
    expect(source.requests.length).toBe(1);
  });

  it('a shutdown that never settles keeps nobody waiting', async () => {
    const { gate, sdk, clock } = use();
    await kit.connect();
    sdk.hangs = true;
    const ended = gate.disconnect();
    await clock.advance(5_000);
    await ended;
    expect(phase()).toBe('idle');
  });

  it('nothing that an old client says is heard', async () => {
    const { gate, sdk } = use();
    const first = await kit.connect();
    await gate.disconnect();
    (first as { isShutDown: boolean }).isShutDown = false;
    first.lose();
    first.deny();
    expect(phase()).toBe('idle');
    await kit.connect();
    expect(sdk.clients.length).toBe(2);
  });
});

describe('renewal', () => {
  it('comes at refreshAt, on the same client', async () => {
    const { source, clock } = use();
    const client = await kit.connect();
    await clock.advance(0.7 * HOUR_MS);
    expect(source.requests.length).toBe(1);
    await clock.advance(0.1 * HOUR_MS);
    expect(source.requests[1]).toMatchObject({
      reason: 'refresh',
      intent: 'refresh',
      previousIdentity: 'm_fake',
    });
    expect(client.tokens.length).toBe(2);
    await clock.advance(24 * HOUR_MS);
    expect(kit.sdk.clients.length).toBe(1);
    expect(source.requests.length).toBeLessThan(36);
  });

  it('comes when the server says that the token is about to expire', async () => {
    const { clock } = use();
    const client = await kit.connect();
    client.aboutToExpire();
    await clock.advance(0);
    expect(client.tokens.length).toBe(2);
  });

  it('goes by the server’s clock when this one is an hour off', async () => {
    const { source, clock } = use();
    source.skewMs = -HOUR_MS;
    const client = await kit.connect();
    await clock.advance(0.81 * HOUR_MS);
    expect(client.tokens.length).toBe(2);
  });

  it('waits for a hidden tab to be looked at', async () => {
    const { browser, clock } = use({ presence: { hiddenDisconnectMs: false } });
    const client = await kit.connect();
    browser.hide();
    await clock.advance(0.9 * HOUR_MS);
    expect(client.tokens.length).toBe(1);
    browser.show();
    await clock.advance(0);
    expect(client.tokens.length).toBe(2);
  });

  it('does not give up for a gateway that is away for a while', async () => {
    const { source, clock } = use();
    const client = await kit.connect();
    source.answers.push(passing('gateway_unreachable'));
    await clock.advance(0.85 * HOUR_MS);
    expect(phase()).toBe('ready');
    source.answers.length = 0;
    await clock.advance(0.14 * HOUR_MS);
    expect(client.tokens.length).toBe(2);
  });

  const odd: [string, ChatGateError][] = [
    ['a gateway that erred', new ChatGateError('gateway_unreachable', { status: 500 })],
    ['a login page of a network', new ChatGateError('not_a_gateway', { status: 200 })],
    ['a proxy without a gateway', new ChatGateError('not_a_gateway', { status: 403 })],
    ['what is no token', new ChatGateError('token_invalid')],
    ['a login that has ended', new ChatGateError('unauthenticated', { status: 401 })],
  ];

  it.each(odd)('outlives one odd answer: %s', async (_, error) => {
    const { source, clock, sdk } = use();
    const client = await kit.connect();
    source.answers.push(error);
    await clock.advance(0.81 * HOUR_MS);
    expect([phase(), source.requests.length]).toEqual(['ready', 2]);
    source.answers.length = 0;
    await clock.advance(0.15 * HOUR_MS);
    expect([client.tokens.length, sdk.clients.length]).toEqual([2, 1]);
  });

  it.each(odd.slice(0, 4))('goes on after its token has ended: %s', async (_, error) => {
    const { source, clock, sdk, browser } = use();
    await kit.connect();
    source.answers.push(error);
    await clock.advance(2 * HOUR_MS);
    expect([phase(), sdk.alive().length]).toEqual(['failed', 0]);
    expect(source.requests.length).toBeLessThan(20);
    source.answers.length = 0;
    browser.press();
    await clock.advance(1_000);
    expect([phase(), sdk.clients.length]).toEqual(['ready', 2]);
  });

  it('ends with a stated failure when the gateway stays away until the token has expired', async () => {
    const { source, clock, sdk } = use();
    await kit.connect();
    source.answers.push(passing('gateway_unreachable'));
    await clock.advance(3 * HOUR_MS);
    expect([phase(), sdk.alive().length]).toEqual(['failed', 0]);
    expect(source.requests.length).toBeLessThan(80);
  });

  it('lets go of the client when the person is refused', async () => {
    const { source, clock, sdk } = use();
    await kit.connect();
    source.refuse({ code: 'lazy-connect-required' });
    await clock.advance(HOUR_MS);
    expect([phase(), sdk.alive().length, source.requests.length]).toEqual(['paused', 0, 2]);
  });

  it('never gives a client the token of somebody else', async () => {
    const { source, clock, sdk } = use();
    const client = await kit.connect();
    source.identity = 'm_other';
    await clock.advance(HOUR_MS);
    expect(client.tokens.length).toBe(1);
    expect(kit.gate.getSnapshot()).toMatchObject({ phase: 'failed', error: { code: 'identity_changed' } });
    expect(sdk.alive()).toEqual([]);
  });

  it('makes a new client when the old token has expired meanwhile, as after a sleep', async () => {
    const { sdk, clock, browser } = use();
    await kit.connect();
    await clock.sleep(8 * HOUR_MS);
    browser.press();
    await clock.advance(1_000);
    expect([phase(), sdk.clients.length, sdk.alive().length]).toEqual(['ready', 2, 1]);
  });

  it('makes a new client when the server ends the token, and once only', async () => {
    const { sdk, clock } = use();
    const client = await kit.connect();
    client.expire();
    await clock.advance(1_000);
    expect([phase(), sdk.clients.length]).toEqual(['ready', 2]);
    sdk.clients[1]?.expire();
    await clock.advance(1_000);
    expect([phase(), sdk.clients.length, sdk.alive().length]).toEqual(['failed', 2, 0]);
  });

  it('makes a new client when the old one takes no token', async () => {
    const { sdk, clock } = use();
    await kit.connect();
    sdk.hangs = true;
    sdk.clients[0]?.aboutToExpire();
    await clock.advance(20_000);
    expect([phase(), sdk.clients.length, sdk.alive().length]).toEqual(['ready', 2, 1]);
  });
});

describe('the month’s turn and the hidden tab', () => {
  const TURN_MS = Date.UTC(2026, 11, 1);

  it('lets go of the connection of a tab hidden for five minutes, and takes it up when it is seen', async () => {
    const { browser, clock, sdk, source } = use();
    await kit.connect();
    browser.hide();
    await clock.advance(5 * MINUTE_MS - 1);
    expect(phase()).toBe('ready');
    await clock.advance(1);
    expect([phase(), sdk.alive().length]).toEqual(['paused', 0]);
    await clock.advance(HOUR_MS);
    browser.show();
    await clock.advance(0);
    expect(phase()).toBe('ready');
    expect(source.requests[1]).toMatchObject({ reason: 'reconnect', intent: 'refresh' });
  });

  it('has no hidden connection when the month turns, and makes none after', async () => {
    const { browser, clock, sdk } = use({
      startMs: TURN_MS - 10 * MINUTE_MS,
      presence: { hiddenDisconnectMs: false },
    });
    await kit.connect();
    browser.hide();
    await clock.advance(5 * MINUTE_MS);
    expect([phase(), sdk.alive().length]).toEqual(['paused', 0]);
    await clock.advance(40 * 24 * HOUR_MS);
    expect([sdk.clients.length, kit.source.requests.length]).toEqual([1, 1]);
  });

  it('lets go of an idle visible tab as well, until somebody touches it', async () => {
    const { browser, clock, sdk } = use({ startMs: TURN_MS - 20 * MINUTE_MS });
    await kit.connect();
    await clock.advance(16 * MINUTE_MS);
    expect([phase(), sdk.alive().length]).toEqual(['paused', 0]);
    browser.press();
    await clock.advance(0);
    expect(phase()).toBe('ready');
  });

  it('leaves whoever is at it alone', async () => {
    const { browser, clock, sdk } = use({ startMs: TURN_MS - 20 * MINUTE_MS });
    await kit.connect();
    for (let minute = 0; minute < 40; minute++) {
      browser.press();
      await clock.advance(MINUTE_MS);
    }
    expect([phase(), sdk.clients.length]).toEqual(['ready', 1]);
  });

  /** Who asks to open the chat is let in, who is renewed is not. */
  const refuseRefresh = ({ source }: Kit) => {
    const { fetch } = source;
    source.fetch = async (context) => {
      const grant = await fetch(context);
      const problem = { code: 'lazy-connect-required' };
      if (context.intent === 'refresh') throw new ChatGateError('refused', { status: 403, problem });
      return grant;
    };
  };

  it('lets whoever is at it stay where a renewal is refused: by what opened the chat', async () => {
    const { gate, browser, clock, sdk, source } = use({ startMs: TURN_MS - 48 * MINUTE_MS });
    refuseRefresh(kit);
    const connecting = gate.connect({ intent: 'open_support' });
    await clock.advance(0);
    await connecting;
    for (let minute = 0; minute < 50; minute++) {
      browser.press();
      await clock.advance(MINUTE_MS);
    }
    expect([phase(), sdk.clients.length]).toEqual(['ready', 1]);
    expect(source.requests.map(({ intent }) => intent)).toEqual(['open_support', 'refresh', 'open_support']);
  });

  it('asks once only, and for nobody who has left', async () => {
    const { browser, clock, sdk, source } = use({ presence: { monthGuard: false } });
    await kit.connect();
    source.refuse({ code: 'lazy-connect-required' });
    await clock.advance(40 * MINUTE_MS);
    for (let minute = 40; minute < 50; minute++) {
      browser.press();
      await clock.advance(MINUTE_MS);
    }
    expect([phase(), sdk.alive().length, source.requests.length]).toEqual(['paused', 0, 3]);
    source.refuse(null);
    await kit.connect();
    refuseRefresh(kit);
    await clock.advance(HOUR_MS);
    expect([phase(), sdk.alive().length, source.requests.length]).toEqual(['paused', 0, 5]);
  });

  it('goes by the server’s clock', async () => {
    const { browser, clock, source } = use({
      startMs: TURN_MS - 2 * HOUR_MS,
      presence: { hiddenDisconnectMs: false },
    });
    source.skewMs = HOUR_MS;
    await kit.connect();
    browser.hide();
    await clock.advance(55 * MINUTE_MS);
    expect(phase()).toBe('paused');
  });

  it('a hidden tab that is given no time lets go at once', async () => {
    const { browser, clock, sdk } = use({ presence: { hiddenDisconnectMs: 0 } });
    await kit.connect();
    browser.hide();
    await clock.advance(10);
    expect([phase(), sdk.alive().length]).toEqual(['paused', 0]);
    browser.show();
    await clock.advance(10);
    expect([phase(), sdk.alive().length]).toEqual(['ready', 1]);
  });

  it('a hidden tab that loses its connection does not get it back', async () => {
    const { browser, sdk } = use();
    const client = await kit.connect();
    browser.hide();
    client.lose();
    expect([phase(), sdk.alive().length]).toEqual(['paused', 0]);
  });

  it('a hidden tab that may go on does so after a sleep', async () => {
    const presence = { hiddenDisconnectMs: false, monthGuard: false } as const;
    const { browser, clock, sdk } = use({ whenHidden: 'allow', presence });
    await kit.connect();
    browser.hide();
    await clock.sleep(2 * HOUR_MS);
    await clock.advance(MINUTE_MS);
    expect([phase(), sdk.alive().length]).toEqual(['ready', 1]);
  });

  it('a page in the browser’s history has no connection, and one that comes back goes on', async () => {
    const { browser, clock, sdk, gate } = use();
    await kit.connect();
    browser.freeze();
    expect([phase(), sdk.alive().length]).toEqual(['idle', 0]);
    browser.thaw();
    await clock.advance(0);
    expect(phase()).toBe('ready');
    await gate.disconnect();
    browser.freeze();
    browser.thaw();
    await clock.advance(0);
    expect(phase()).toBe('idle');
  });
});

describe('another person', () => {
  it('gets nothing of the one before', async () => {
    const { gate, source, sdk } = use();
    await kit.connect();
    await gate.switchUser();
    expect(sdk.alive()).toEqual([]);
    source.identity = 'm_other';
    await kit.connect();
    expect(gate.getSnapshot().identity).toBe('m_other');
    expect(source.requests[1]).toMatchObject({ reason: 'connect', previousIdentity: undefined });
  });

  it('is noticed by the name that the app gives', async () => {
    let user: string | undefined = 'ada';
    const { gate, source, sdk, browser, clock } = use({ user: () => user, crossTab: false });
    await kit.connect();
    await gate.disconnect();
    await kit.connect();
    expect(source.requests.length).toBe(1);
    user = 'grace';
    source.identity = 'm_grace';
    browser.press();
    await clock.advance(0);
    expect([phase(), sdk.alive().length]).toEqual(['idle', 0]);
    await kit.connect();
    expect(gate.getSnapshot().identity).toBe('m_grace');
  });

  it.each(['disconnect', 'switchUser'] as const)(
    'is nobody where the name cannot be told: %s()',
    async (end) => {
      let session: { userId: string } | null = { userId: 'ada' };
      const user = () => (session as { userId: string }).userId;
      const { gate, source, sdk, browser, clock } = use({ user, crossTab: false });
      await kit.connect();
      session = null;
      browser.press();
      await gate[end]();
      await clock.advance(0);
      expect([phase(), sdk.alive().length]).toEqual(['idle', 0]);
      await kit.connect();
      expect(source.requests.length).toBe(2);
    },
  );

  it('lets go of the client before anything of the app’s own fails', async () => {
    const report = () => {
      throw new Error('of the app’s own');
    };
    const { sdk, source, browser } = use();
    const core = createCoreGate({
      tokenSource: source,
      loadSdk: sdk.load,
      report,
      page: watchPage({}, browser),
    });
    sdk.behaviour = 'nothing';
    void core.connect().catch(() => {});
    await kit.clock.advance(0);
    await core.disconnect().catch(() => {});
    expect([core.peek(), sdk.alive().length]).toEqual([undefined, 0]);
  });

  it('is noticed while the token is on its way', async () => {
    let user = 'ada';
    const { gate, sdk, clock, source } = use({ user: () => user, crossTab: false });
    const { fetch } = source;
    source.fetch = async (context) => {
      user = 'grace';
      return fetch(context);
    };
    const waiting = expect(gate.connect()).rejects.toMatchObject({ code: 'aborted' });
    await clock.advance(1_000);
    await waiting;
    expect(sdk.clients).toEqual([]);
  });

  it('without names every new connection asks anew who is there', async () => {
    const { gate, source } = use();
    await kit.connect();
    await gate.disconnect();
    source.identity = 'm_other';
    await kit.connect();
    expect(gate.getSnapshot().identity).toBe('m_other');
  });

  it('does not take over by itself after a pause', async () => {
    const { source, browser, clock, sdk } = use();
    await kit.connect();
    browser.hide();
    await clock.advance(6 * MINUTE_MS);
    source.identity = 'm_other';
    browser.show();
    await clock.advance(0);
    expect(kit.gate.getSnapshot()).toMatchObject({ phase: 'failed', error: { code: 'identity_changed' } });
    expect(sdk.clients.length).toBe(1);
  });
});

describe('retain()', () => {
  it('ends the connection a moment after the last has let go', async () => {
    const { gate, clock } = use();
    const [one, two] = [gate.retain(), gate.retain()];
    await kit.connect();
    one();
    one();
    await clock.advance(0);
    expect(phase()).toBe('ready');
    two();
    await clock.advance(0);
    expect(phase()).toBe('idle');
  });

  it('forgives letting go and coming back in one breath', async () => {
    const { gate, clock, sdk } = use();
    const first = gate.retain();
    const waiting = gate.connect();
    first();
    const second = gate.retain();
    void gate.connect();
    await clock.advance(0);
    await waiting;
    expect([phase(), sdk.clients.length, kit.source.requests.length]).toEqual(['ready', 1, 1]);
    second();
  });
});

describe('listeners', () => {
  it('leave by their signal', async () => {
    const { gate } = use();
    const controller = new AbortController();
    const heard: string[] = [];
    gate.on('phase', (told) => heard.push(told.phase), { signal: controller.signal });
    controller.abort();
    gate.on('phase', (told) => heard.push(told.phase), { signal: controller.signal });
    await kit.connect();
    expect(heard).toEqual([]);
  });
});
