import { afterEach, describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { monthOf } from '../../src/domain/month.ts';
import { refused } from '../../src/domain/refusal.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { type Issuing, type IssuingOptions, NOW, type Step, startIssuing } from './issuing.ts';
import { budgetOf } from './steer.ts';

const MONTH = monthOf(NOW);

let issuing: Issuing;

function start(options: IssuingOptions = {}): Issuing {
  issuing = startIssuing(options);
  return issuing;
}

/** What the ledger holds of the month. */
async function counted() {
  // Nobody waits for the count of a refusal, but writes take effect in the order of the calls.
  await issuing.ledger.record(DEFAULT_SERVICE, []);
  const { all, minted, reused, refused: refusedBy } = await issuing.ledger.totals(DEFAULT_SERVICE, MONTH);
  return { all, minted, reused, refused: refusedBy };
}

const NOTHING = { all: 0, minted: 0, reused: 0, refused: {} };

afterEach(() => issuing.close());

describe('the steps of a request', () => {
  test('stand in this order, and the clock is read once', async () => {
    const { steps, ask } = start();

    expect(await ask('ada')).toMatchObject({ outcome: 'minted' });

    expect(steps).toEqual(['clock', 'authenticate', 'resolve', 'limit', 'decide', 'admit', 'mint']);
  });

  test('all of them know the same instant', async () => {
    const instants: number[] = [];
    const { ask, clock } = start({
      parts: ({ authenticator, ledger }) => ({
        authenticator: {
          authenticate(credentials, nowMs) {
            instants.push(nowMs);
            clock.advance(60_000);
            return authenticator.authenticate(credentials, nowMs);
          },
        },
        ledger: {
          ...ledger,
          admit(request) {
            instants.push(request.life.issuedAt);
            return ledger.admit(request);
          },
        },
      }),
    });

    const answer = await ask('ada');

    expect(instants).toEqual([NOW, Math.floor(NOW / 1000)]);
    expect(answer).toMatchObject({ serverTimeMs: NOW, issuedAt: Math.floor(NOW / 1000) });
  });
});

describe('after a refusal nothing more is asked', () => {
  test('unknown service', async () => {
    const { steps, ask } = start();
    expect(await ask('ada', { service: 'nowhere' })).toMatchObject({ code: 'not-found' });
    expect(steps).toEqual(['clock']);
    expect(await counted()).toEqual(NOTHING);
  });

  test('failed authentication', async () => {
    const { steps, ask } = start();
    expect(await ask('nobody')).toMatchObject({ code: 'unauthenticated', reason: 'bad-signature' });
    expect(steps).toEqual(['clock', 'authenticate']);
    expect(await counted()).toEqual(NOTHING);
  });

  test('a person who can have no identity', async () => {
    const { steps, ask } = start({ strategy: 'claim' });
    expect(await ask('ada:example.com')).toMatchObject({ code: 'unauthenticated', reason: 'identity' });
    expect(steps).toEqual(['clock', 'authenticate', 'resolve']);
    expect(await counted()).toEqual(NOTHING);
  });

  test('a person who asks too often', async () => {
    const verdict = { allowed: false, limit: 60, windowSeconds: 60, retryAfterSeconds: 17 };
    const { steps, ask } = start({ parts: () => ({ limiter: { take: async () => verdict } }) });
    expect(await ask('ada')).toEqual(
      refused('rate-limited', {
        detail: expect.any(String) as unknown as string,
        policy: 'token-requests',
        limit: 60,
        windowSeconds: 60,
        retryAfterSeconds: 17,
      }),
    );
    expect(steps).toEqual(['clock', 'authenticate', 'resolve', 'limit']);
    expect(await counted()).toEqual(NOTHING);
  });

  test('a denied intent: counted, and not admitted', async () => {
    const { steps, ask } = start();
    const code = 'lazy-connect-required';
    expect(await ask('ada', { intent: 'page_load' })).toMatchObject({ code });
    expect(steps).not.toContain('admit');
    expect(steps).not.toContain('mint');
    expect(steps.at(-1)).toBe('count-refusal');
    expect(await counted()).toEqual({ ...NOTHING, refused: { [code]: 1 } });
  });

  test('an unknown intent is a fault of the request: nothing of it is counted', async () => {
    const { steps, ask } = start();
    expect(await ask('ada', { intent: 'open_chta' })).toMatchObject({ code: 'invalid-request' });
    expect(steps).toEqual(['clock', 'authenticate', 'resolve', 'limit', 'decide']);
    expect(await counted()).toEqual(NOTHING);
  });

  test('a refusal of the ledger: nothing is signed', async () => {
    const { steps, ask, ledger } = start();
    await ledger.configureBudget(DEFAULT_SERVICE, MONTH, budgetOf({ scopes: { all: 0 } }));
    expect(await ask('ada')).toMatchObject({ code: 'mau-budget-exhausted', limit: 0, used: 0 });
    expect(steps).toEqual(['clock', 'authenticate', 'resolve', 'limit', 'decide', 'admit']);
    expect(await counted()).toEqual({ ...NOTHING, refused: { 'mau-budget-exhausted': 1 } });
  });

  test('refresh by a stranger: refused by the ledger, with the way out that policy knows', async () => {
    const { ask, steps } = start();
    expect(await ask('ada', { intent: 'refresh' })).toMatchObject({
      code: 'lazy-connect-required',
      intent: 'refresh',
      allowedIntents: ['open_chat'],
    });
    expect(steps).not.toContain('mint');
    await ask('ada');
    expect(await ask('ada', { intent: 'refresh' })).toMatchObject({ outcome: 'reused' });
  });
});

describe('when something is broken there is no token', () => {
  const away = new GatewayError('ledger-unavailable', 'redis admit: Connection is closed.');
  const odd = new TypeError('a defect of ours');
  const ORDER: Step[] = ['clock', 'authenticate', 'resolve', 'limit', 'decide', 'admit'];

  test.each<[string, unknown, Step[], IssuingOptions['parts']]>([
    [
      'the ledger does not answer',
      away,
      ORDER,
      ({ ledger }) => ({ ledger: { ...ledger, admit: () => Promise.reject(away) } }),
    ],
    [
      'the ledger throws',
      odd,
      ORDER,
      ({ ledger }) => ({
        ledger: {
          ...ledger,
          admit: () => {
            throw odd;
          },
        },
      }),
    ],
    [
      'the issuer cannot be asked',
      away,
      ORDER.slice(0, 2),
      () => ({ authenticator: { authenticate: () => Promise.reject(away) } }),
    ],
    [
      'the resolver throws',
      odd,
      ORDER.slice(0, 3),
      () => ({
        resolveIdentity: () => {
          throw odd;
        },
      }),
    ],
    ['the limiter throws', odd, ORDER.slice(0, 4), () => ({ limiter: { take: () => Promise.reject(odd) } })],
  ])('%s', async (_name, error, expected, parts) => {
    const { ask, steps, events, failures } = start({ parts: parts as NonNullable<typeof parts> });
    await expect(ask('ada')).rejects.toBe(error);
    expect(steps).toEqual(expected);
    expect(events).toHaveLength(1);
    expect(failures).toEqual([error]);
  });

  test('signing fails: the mint stands in the ledger, the token is not there', async () => {
    const { ask } = start({
      parts: ({ services }) => ({
        services: new Map(
          [...services].map(([name, service]) => [
            name,
            {
              ...service,
              minter: {
                ...service.minter,
                mint: () => {
                  throw odd;
                },
              },
            },
          ]),
        ),
      }),
    });
    await expect(ask('ada')).rejects.toBe(odd);
    expect(await counted()).toEqual({ ...NOTHING, all: 1, minted: 1 });
  });

  test('a refusal that cannot be counted is a refusal all the same', async () => {
    const { ask, steps } = start({
      parts: ({ ledger }) => ({ ledger: { ...ledger, countRefusal: () => Promise.reject(away) } }),
    });
    expect(await ask('ada', { intent: 'page_load' })).toMatchObject({ code: 'lazy-connect-required' });
    expect(steps.at(-1)).toBe('count-refusal');
  });
});
