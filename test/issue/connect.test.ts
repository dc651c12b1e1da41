import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import type { Identity } from '../../src/domain/identity.ts';
import type { Limiter } from '../../src/domain/limiter.ts';
import { type Month, monthOf, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { ReasonSource } from '../../src/issue/ports.ts';
import { NO_HINTS } from '../../src/policy/policy.ts';
import { settableClock } from '../support/clock.ts';
import { type Issuing, type IssuingOptions, NOW, startIssuing } from './issuing.ts';
import { budgetOf, link } from './steer.ts';

type MarkWithoutPlace =
  | { kind: 'member'; identity: Identity; lastRead: number | null }
  | { kind: 'message'; index: number; author: null };

const MONTH = monthOf(NOW);
const OCTOBER = parseMonth('2026-10') as Month;

let issuing: Issuing;

function start(options: IssuingOptions = {}): Issuing {
  issuing = startIssuing(options);
  return issuing;
}

afterEach(() => issuing.close());

/** What the month holds, after the counts that nobody waits for. */
async function totals() {
  await issuing.ledger.record(DEFAULT_SERVICE, []);
  return issuing.ledger.totals(DEFAULT_SERVICE, MONTH);
}

/** Makes somebody one who has written in the month before. */
async function wroteLastMonth(identity: Identity): Promise<void> {
  const at = Date.parse('2026-10-09T08:00:00Z');
  const evidence = { identity, signal: 'messaged', at, source: 'webhook', className: 'member' } as const;
  await issuing.ledger.record(DEFAULT_SERVICE, [evidence]);
  expect((await issuing.ledger.totals(DEFAULT_SERVICE, OCTOBER)).all).toBe(1);
}

/** An event of a conversation. */
async function sees(mark: MarkWithoutPlace): Promise<void> {
  const place = { conversation: `CH${'1'.repeat(32)}`, at: NOW };
  await issuing.ledger.record(DEFAULT_SERVICE, [], [{ ...place, ...mark }]);
}

/** The own identity of somebody, learnt in another service so that this one does not count them. */
const identityOf = async (subject: string) => (await issuing.token(subject, { service: 'support' })).identity;

describe('an intent that needs a reason', () => {
  const intent = 'notification';

  test('is refused to a newcomer for whom nothing waits, who alone costs a look at what is unread', async () => {
    const { ask, steps } = start();
    expect(await ask('ada', { intent })).toMatchObject({ code: 'no-reason-to-connect' });
    const path = ['clock', 'authenticate', 'resolve', 'limit', 'decide', 'admit'];
    expect(steps).toEqual([...path, 'links-of', 'unread']);
    expect(await totals()).toMatchObject({ all: 0, refused: { 'no-reason-to-connect': 1 } });
  });

  test('is served to people of the month', async () => {
    const { ask, token } = start();
    await token('ada');
    expect(await ask('ada', { intent })).toMatchObject({ outcome: 'reused' });
  });

  test('is served to a newcomer with an unread message, and counts them then', async () => {
    const { token, ask } = start();
    const identity = await identityOf('ada');
    await sees({ kind: 'member', identity, lastRead: 4 });
    expect(await ask('ada', { intent })).toMatchObject({ code: 'no-reason-to-connect' });
    await sees({ kind: 'message', index: 5, author: null });
    expect((await totals()).all).toBe(0);
    expect(await token('ada', { intent })).toMatchObject({ outcome: 'minted', firstThisMonth: true });
    expect(await totals()).toMatchObject({ all: 1, minted: 1 });
  });

  test('is served for what waits for whom they are served as', async () => {
    const { token, ask, ledger } = start();
    const [own, effective] = [await identityOf('ada'), 'ada@example.com' as Identity];
    await link(ledger, own, effective);
    await sees({ kind: 'member', identity: own, lastRead: null });
    await sees({ kind: 'message', index: 0, author: null });
    expect(await ask('ada', { intent })).toMatchObject({ code: 'no-reason-to-connect' });
    await sees({ kind: 'member', identity: effective, lastRead: null });
    expect(await token('ada', { intent })).toMatchObject({ identity: effective });
  });

  test('still keeps to the budget when a message waits', async () => {
    const { ask, ledger } = start();
    const identity = await identityOf('ada');
    await ledger.configureBudget(DEFAULT_SERVICE, MONTH, budgetOf({ scopes: { all: 0 } }));
    await sees({ kind: 'member', identity, lastRead: null });
    await sees({ kind: 'message', index: 0, author: null });
    expect(await ask('ada', { intent })).toMatchObject({ code: 'mau-budget-exhausted' });
  });

  test('is served to who has written in the month before', async () => {
    const { token } = start();
    await wroteLastMonth(await identityOf('ada'));
    expect(await token('ada', { intent })).toMatchObject({ outcome: 'minted', firstThisMonth: true });
    expect(issuing.events.at(-1)).toMatchObject({ rule: 'reason-to-connect' });
  });
});

describe('a look-up of reasons', () => {
  const intent = 'notification';
  const asked: unknown[] = [];
  const source = (answer: () => Promise<boolean>): IssuingOptions => ({
    parts: () => ({
      reasonSource: {
        hasReason: (...question) => {
          asked.push(question);
          return answer();
        },
      } satisfies ReasonSource,
    }),
  });

  beforeEach(() => {
    asked.length = 0;
  });

  test('lets a newcomer in for whom something waits', async () => {
    const { token } = start(source(() => Promise.resolve(true)));
    const issued = await token('ada', { intent });
    expect(issued).toMatchObject({ outcome: 'minted', firstThisMonth: true });
    expect(asked).toEqual([[DEFAULT_SERVICE, issued.identity, NOW]]);
    expect(await totals()).toMatchObject({ all: 1, minted: 1 });
    expect((await totals()).refused).toEqual({});
  });

  test('asks for what somebody linked is served as: nobody else knows their own identity', async () => {
    const { token, ledger, steps } = start(source(() => Promise.resolve(true)));
    const own = await identityOf('ada');
    await link(ledger, own, 'ada@example.com' as Identity);
    expect(await token('ada', { intent })).toMatchObject({ identity: 'ada@example.com' });
    // It would read all that the month has of tenants, for the sake of a name.
    expect(steps).not.toContain('preview');
    expect(asked).toEqual([[DEFAULT_SERVICE, 'ada@example.com', NOW]]);
  });

  test('does not when nothing does', async () => {
    const { ask } = start(source(() => Promise.resolve(false)));
    expect(await ask('ada', { intent })).toMatchObject({ code: 'no-reason-to-connect' });
    expect(await totals()).toMatchObject({ all: 0, refused: { 'no-reason-to-connect': 1 } });
  });

  test('still keeps to the budget', async () => {
    const { ask, ledger } = start(source(() => Promise.resolve(true)));
    await ledger.configureBudget(DEFAULT_SERVICE, MONTH, budgetOf({ scopes: { all: 0 } }));
    expect(await ask('ada', { intent })).toMatchObject({ code: 'mau-budget-exhausted' });
  });

  test('that fails is no reason, and the log says why', async () => {
    const failure = new GatewayError('twilio-unavailable', 'twilio: 503');
    const { ask, events, failures } = start(source(() => Promise.reject(failure)));
    expect(await ask('ada', { intent })).toMatchObject({ code: 'no-reason-to-connect' });
    expect(events).toEqual([expect.objectContaining({ outcome: 'refused', reason: 'look-up: twilio: 503' })]);
    expect(failures).toEqual([null]);
  });

  test('is not made for anybody who does not need it', async () => {
    const { token, ask } = start(source(() => Promise.resolve(true)));
    await token('ada');
    await ask('ada', { intent });
    await ask('grace', { intent: 'open_chat' });
    await ask('linus', { intent, tabState: 'hidden' });
    expect(asked).toEqual([]);
  });
});

describe('a hidden tab', () => {
  test('is no first of the month, and is told when to come back', async () => {
    const { ask, token } = start();
    expect(await ask('ada', { tabState: 'hidden' })).toMatchObject({
      code: 'lazy-connect-required',
      detail: expect.stringContaining('hidden tab'),
      intent: 'open_chat',
      allowedIntents: ['open_chat'],
      when: 'visible',
    });
    await token('ada', { tabState: 'visible' });
    expect(await ask('ada', { tabState: 'hidden', intent: 'refresh' })).toMatchObject({ outcome: 'reused' });
    expect((await totals()).all).toBe(1);
  });

  test('other refusals of the ledger say nothing of tabs', async () => {
    const { ask } = start();
    expect(await ask('ada', { intent: 'refresh' })).not.toHaveProperty('when');
  });

  test.each([
    ['2026-11-30T23:45:00.000Z', 'reused'],
    ['2026-11-30T23:45:01.000Z', 'refused'],
    ['2026-11-30T23:59:59.999Z', 'refused'],
    ['2026-12-01T00:00:00.000Z', 'refused'],
    ['2026-12-01T00:14:59.999Z', 'refused'],
    ['2026-12-01T00:15:00.000Z', 'reused'],
  ])('at %s is %s, though its holder is known', async (instant, outcome) => {
    const clock = settableClock(Date.parse(instant));
    const { ask, token } = start({ clock });
    await token('ada', { tabState: 'visible' });
    const answer = await ask('ada', { intent: 'refresh', tabState: 'hidden' });
    expect(answer.outcome).toBe(outcome);
    if (answer.outcome === 'refused') expect(answer).toMatchObject({ when: 'visible' });
  });
});

describe('hints', () => {
  test.each([
    ['prefetch', 'lazy-connect-required'],
    ['crawler', 'lazy-connect-required'],
    ['originMissing', 'forbidden'],
  ])('%s keeps even a known person from a token, and is counted', async (hint, code) => {
    const { ask, token, steps } = start({ policy: { requireOrigin: true } });
    await token('ada');
    steps.length = 0;
    const hints = { ...NO_HINTS, [hint]: true };
    expect(await ask('ada', {}, { hints })).toMatchObject({ code });
    expect(steps).not.toContain('admit');
    expect(await totals()).toMatchObject({ refused: { [code]: 1 } });
  });
});

describe('a budget that refuses', () => {
  const fallback = { form: 'https://example.com/contact' };
  const withFallback: IssuingOptions = {
    parts: ({ services }) => ({
      services: new Map([...services].map(([name, service]) => [name, { ...service, fallback }])),
    }),
  };

  test('hands over what its service offers instead', async () => {
    const { ask, ledger } = start(withFallback);
    await ledger.configureBudget(DEFAULT_SERVICE, MONTH, budgetOf({ scopes: { all: 0 } }));
    expect(await ask('ada')).toMatchObject({ code: 'mau-budget-exhausted', fallback });
    expect(await ask('ada', { intent: 'refresh' })).not.toHaveProperty('fallback');
  });

  test('says nothing where nothing is offered', async () => {
    const { ask, ledger } = start();
    await ledger.configureBudget(DEFAULT_SERVICE, MONTH, budgetOf({ scopes: { all: 0 } }));
    expect(await ask('ada')).not.toHaveProperty('fallback');
  });
});

describe('a class', () => {
  test('may have a limit of its own', async () => {
    const takes: unknown[] = [];
    const door = { allowed: true, limit: 6, windowSeconds: 60, retryAfterSeconds: 1 };
    const limiter: Limiter = {
      take: (_person, perMinute) => {
        takes.push(perMinute);
        return door;
      },
    };
    const { ask } = start({ parts: () => ({ limiter, perMinute: { agent: 6 } }) });
    await ask('agent-smith');
    await ask('ada');
    expect(takes).toEqual([6, undefined]);
  });

  test('of a pool never counts more than its identities', async () => {
    const { ask } = start();
    for (let run = 0; run < 40; run += 1) await ask(`test-${run}`);
    const { byClass } = await totals();
    expect(byClass).toEqual({ test: 3 });
  });
});
