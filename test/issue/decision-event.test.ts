import { afterEach, describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { monthOf } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { DecisionEvent } from '../../src/issue/ports.ts';
import {
  IDENTITY_SECRET,
  type Issuing,
  type IssuingOptions,
  NOW,
  SIGNING_SECRET,
  startIssuing,
} from './issuing.ts';
import { budgetOf } from './steer.ts';

let issuing: Issuing;

afterEach(() => issuing.close());

/** The one event of what was just asked. */
function onlyEvent(): DecisionEvent {
  expect(issuing.events).toHaveLength(1);
  return issuing.events[0]!;
}

/** The complete event of a request, with what the test expects of it. */
function event(expected: Partial<DecisionEvent>): DecisionEvent {
  return {
    requestId: 'request-1',
    outcome: 'refused',
    code: null,
    service: 'default',
    intent: 'open_chat',
    tabState: null,
    device: null,
    via: null,
    class: null,
    person: null,
    month: null,
    firstThisMonth: null,
    rule: null,
    withoutLedger: false,
    shadow: [],
    reason: null,
    durationMs: expect.any(Number) as unknown as number,
    ...expected,
  };
}

const PERSON = { person: expect.stringMatching(/^[0-9a-f]{12}$/) as unknown as string };
const ADA = { via: 'bearer', class: 'member', ...PERSON } as const;

describe('one event per request', () => {
  test('minted', async () => {
    issuing = startIssuing();
    await issuing.token('ada', { tabState: 'visible', device: 'phone' });
    expect(onlyEvent()).toEqual(
      event({
        ...ADA,
        ...{ outcome: 'minted', tabState: 'visible', device: 'phone' },
        ...{ month: '2026-11', firstThisMonth: true, rule: 'intent-allowed' },
      }),
    );
    expect(issuing.failures).toEqual([null]);
    expect(onlyEvent().durationMs).toBeGreaterThan(0);
  });

  test('reused', async () => {
    issuing = startIssuing();
    await issuing.token('ada', { service: 'support' });
    issuing.events.length = 0;
    await issuing.token('ada', { service: 'support', intent: 'refresh' });
    const known = { month: '2026-11', firstThisMonth: false, rule: 'intent-known-only' };
    expect(onlyEvent()).toEqual(
      event({ ...ADA, outcome: 'reused', service: 'support', intent: 'refresh', ...known }),
    );
  });

  test('refused before anyone was known', async () => {
    issuing = startIssuing();
    await issuing.ask('nobody');
    expect(onlyEvent()).toEqual(event({ code: 'unauthenticated', reason: 'bad-signature' }));
  });

  test('refused for the service', async () => {
    issuing = startIssuing();
    await issuing.ask('ada', { service: 'nowhere' });
    expect(onlyEvent()).toEqual(event({ code: 'not-found', service: 'nowhere' }));
  });

  test('refused for the identity', async () => {
    issuing = startIssuing({ strategy: 'claim' });
    await issuing.ask('ada:example.com');
    expect(onlyEvent()).toEqual(
      event({ code: 'unauthenticated', reason: 'identity', via: 'bearer', class: 'member' }),
    );
  });

  test('refused for asking too often', async () => {
    const verdict = { allowed: false, limit: 60, windowSeconds: 60, retryAfterSeconds: 1 };
    issuing = startIssuing({ parts: () => ({ limiter: { take: () => verdict } }) });
    await issuing.ask('ada');
    expect(onlyEvent()).toEqual(event({ ...ADA, code: 'rate-limited' }));
  });

  test('refused by policy', async () => {
    issuing = startIssuing();
    await issuing.ask('agent-smith', { intent: 'page_load', tabState: 'hidden' });
    expect(onlyEvent()).toEqual(
      event({
        ...{ code: 'lazy-connect-required', intent: 'page_load', tabState: 'hidden' },
        ...{ ...ADA, class: 'agent', rule: 'intent-denied' },
      }),
    );
  });

  test('refused by the ledger', async () => {
    issuing = startIssuing();
    const budget = budgetOf({ scopes: { all: 0 } });
    await issuing.ledger.configureBudget(DEFAULT_SERVICE, monthOf(NOW), budget);
    await issuing.ask('ada');
    expect(onlyEvent()).toEqual(event({ ...ADA, code: 'mau-budget-exhausted', rule: 'intent-allowed' }));
  });

  test.each<[string, Error, Partial<DecisionEvent>]>([
    [
      'something we depend on',
      new GatewayError('ledger-unavailable', 'redis admit: Command timed out'),
      { code: 'ledger-unavailable', reason: 'redis admit: Command timed out' },
    ],
    [
      'something of ours',
      new TypeError('x is not a function'),
      { code: 'internal', reason: 'x is not a function' },
    ],
  ])('failed, for %s', async (_name, error, expected) => {
    issuing = startIssuing({
      parts: ({ ledger }) => ({ ledger: { ...ledger, admit: () => Promise.reject(error) } }),
    });
    await expect(issuing.ask('ada')).rejects.toBe(error);
    expect(onlyEvent()).toEqual(event({ ...ADA, ...expected, outcome: 'failed', rule: 'intent-allowed' }));
    expect(issuing.failures).toEqual([error]);
  });
});

describe('no event', () => {
  const subject = 'ada-whose-name-is-nobodys-business';

  test.each<[string, IssuingOptions, string]>([
    ['of a mint', {}, 'open_chat'],
    ['of a mint with the subject as identity', { strategy: 'claim' }, 'open_chat'],
    ['of a refusal', { strategy: 'claim' }, 'page_load'],
  ])('%s holds a token, a credential, an identity or a subject', async (_name, options, intent) => {
    issuing = startIssuing(options);
    const answers = [await issuing.ask(subject, { intent }), await issuing.ask(subject, { intent })];
    expect(issuing.events).toHaveLength(2);

    const log = JSON.stringify(issuing.events);
    for (const secret of [subject, 'Bearer', 'display name', 'acme', SIGNING_SECRET, IDENTITY_SECRET]) {
      expect(log).not.toContain(secret);
    }
    for (const answer of answers) {
      if (answer.outcome === 'refused') continue;
      expect(log).not.toContain(answer.token.split('.')[2]);
      expect(log).not.toContain(answer.identity);
    }
  });

  test('names two people alike, nor one person differently', async () => {
    issuing = startIssuing();
    for (const who of ['ada', 'grace', 'ada']) await issuing.ask(who, { intent: 'page_load' });
    const [ada, grace, again] = issuing.events.map(({ person }) => person);
    expect(ada).toBe(again);
    expect(ada).not.toBe(grace);
  });
});
