import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Caller } from '../../src/domain/caller.ts';
import { type Month, monthOf, parseMonth } from '../../src/domain/month.ts';
import { refused } from '../../src/domain/refusal.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import {
  createExplainToken,
  type ExplainTokenParts,
  type Explanation,
} from '../../src/issue/explain-token.ts';
import type { IssueTokenParts } from '../../src/issue/issue-token.ts';
import type { Budget } from '../../src/ledger/budget.ts';
import { type IntentRule, NO_HINTS, type Policy } from '../../src/policy/policy.ts';
import { SHADOW_RULES } from '../../src/policy/rules.ts';
import { settableClock } from '../support/clock.ts';
import { ISSUER, type Issuing, type IssuingOptions, NOW, startIssuing } from './issuing.ts';
import { block, budgetOf, freeze, link } from './steer.ts';

const MONTH = monthOf(NOW);

const opened: Issuing[] = [];

afterEach(() => Promise.all(opened.splice(0).map((issuing) => issuing.close())));

/** An issuing path and the explanation of the same one. */
function start(options: IssuingOptions = {}, more: Partial<ExplainTokenParts> = {}) {
  let parts: IssueTokenParts | undefined;
  const issuing = startIssuing({
    ...options,
    parts(plain) {
      parts = { ...plain, ...options.parts?.(plain) };
      return parts;
    },
  });
  opened.push(issuing);
  const { authenticator, ...rest } = parts as unknown as IssueTokenParts;
  const explainToken = createExplainToken({
    ...rest,
    readClaims: (issuer, claims) =>
      issuer === ISSUER
        ? (authenticator.authenticate(
            {
              authorization: `Bearer ${claims['sub']}`,
              apiKey: undefined,
              subject: undefined,
              cookie: undefined,
              originTrusted: false,
            },
            NOW,
          ) as Caller)
        : refused('unauthenticated', { detail: 'Unknown.', reason: 'unknown-issuer' }),
    lookUp: false,
    ...more,
  });
  const explain = (sub: string, request: Partial<Parameters<typeof explainToken>[0]['request']> = {}) =>
    explainToken({ issuer: ISSUER, claims: { sub }, request: { intent: 'open_chat', ...request } });
  return { issuing, explain, explainToken };
}

describe('an explanation', () => {
  test('says who is asking, what each rule says, and how full the month is', async () => {
    const { issuing, explain } = start();
    await issuing.token('grace');
    const budget = budgetOf({
      scopes: { all: 10, 'class:member': 1, 'tenant:acme': 5 },
      reserve: { agent: 2 },
    });
    await issuing.ledger.configureBudget(DEFAULT_SERVICE, MONTH, budget);

    const explanation = await explain('ada', { tabState: 'visible' });

    expect(explanation).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'mau-budget-exhausted', budget: 'class:member', limit: 1, used: 1 },
      caller: { className: 'member', tenant: 'acme', via: 'bearer' },
      person: { kind: 'own', blocked: false, adopted: false },
      rule: 'intent-allowed',
      shadow: [],
      expiresAt: null,
      lookUp: false,
      months: [
        {
          month: '2026-11',
          known: false,
          reason: false,
          frozenSince: null,
          mode: 'block',
          checks: [
            { budget: 'all', limit: 10, used: 1, reserved: 2, passes: true, blocks: true },
            { budget: 'class:member', limit: 1, used: 1, reserved: 0, passes: false, blocks: true },
            { budget: 'tenant:acme', limit: 5, used: 1, reserved: 0, passes: true, blocks: true },
          ],
        },
      ],
    });
    expect(explanation.rules.at(-1)).toEqual({
      rule: 'intent-allowed',
      verdict: 'permits',
      shadow: false,
      facts: { intent: 'open_chat', configured: 'allow' },
    });
    expect(explanation.person?.effective).toBe(explanation.person?.own);
  });

  test('mints nothing, counts nothing, asks nobody to wait', async () => {
    const { issuing, explain } = start();
    for (const intent of ['open_chat', 'page_load', 'refresh', 'notification', 'nothing']) {
      await explain('ada', { intent });
    }
    await issuing.ledger.record(DEFAULT_SERVICE, []);
    expect(await issuing.ledger.totals(DEFAULT_SERVICE, MONTH)).toMatchObject({
      all: 0,
      minted: 0,
      reused: 0,
      refused: {},
      shadow: {},
    });
    expect(issuing.events).toEqual([]);
  });

  test('of a refusal by policy says who the person is, and nothing of months', async () => {
    const { issuing, explain } = start({ policy: { shadow: ['prefetch-never-connects'] } });
    issuing.steps.length = 0;
    const explanation = await explain('ada', { intent: 'page_load', hints: { prefetch: true } });
    expect(explanation).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'lazy-connect-required' },
      rule: 'intent-denied',
      shadow: ['prefetch-never-connects'],
      months: [],
      person: { effective: explanation.person!.own, blocked: false },
    });
    const verdicts = explanation.rules.map(({ rule, verdict, shadow }) => [rule, verdict, shadow]);
    expect(verdicts).toContainEqual(['prefetch-never-connects', 'refuses', true]);
    expect(verdicts).toContainEqual(['intent-denied', 'refuses', false]);
    expect(verdicts.at(-1)).toEqual(['intent-allowed', 'not-reached', false]);
  });

  test('shows link, block and freeze', async () => {
    const { issuing, explain } = start();
    const { identity } = await issuing.token('grace');
    const own = (await explain('ada')).person!.own;
    await link(issuing.ledger, own, identity);
    await freeze(issuing.ledger, MONTH, '2026-11-20T20:00:00Z');
    expect(await explain('ada')).toMatchObject({
      outcome: 'served',
      refusal: null,
      person: { own, effective: identity },
      months: [{ known: true, frozenSince: '2026-11-20T20:00:00Z', checks: [] }],
    });
    await block(issuing.ledger, identity, true);
    expect(await explain('ada', { intent: 'page_load' })).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'lazy-connect-required' },
      person: { own, effective: identity, blocked: true },
    });
    expect(await explain('ada')).toMatchObject({
      refusal: { code: 'identity-blocked' },
      person: { blocked: true },
    });
  });

  test.each<[string, Parameters<ReturnType<typeof start>['explainToken']>[0], Partial<Explanation>]>([
    [
      'an unknown service',
      { issuer: ISSUER, claims: { sub: 'ada' }, request: { intent: 'open_chat', service: 'nowhere' } },
      { caller: null, refusal: expect.objectContaining({ code: 'not-found' }) as never },
    ],
    [
      'an unknown issuer',
      { issuer: 'https://evil.example', claims: { sub: 'ada' }, request: { intent: 'open_chat' } },
      { caller: null, refusal: expect.objectContaining({ reason: 'unknown-issuer' }) as never },
    ],
  ])('of %s stops there', async (_name, request, expected) => {
    const { explainToken } = start();
    expect(await explainToken(request)).toMatchObject({
      outcome: 'refused',
      person: null,
      rules: [],
      months: [],
      ...expected,
    });
  });

  test('of a name that cannot be an identity says so', async () => {
    const { explain } = start({ strategy: 'claim' });
    expect(await explain('ada:example.com')).toMatchObject({
      refusal: { code: 'unauthenticated', reason: 'identity' },
      caller: { className: 'member' },
      person: null,
      rules: [],
    });
  });

  test('of a guest who has not shown to be human says so, and can go on as if', async () => {
    const humanCheck = { required: ({ via }: Caller) => via === 'guest', verifyDetails: { siteKey: 'k' } };
    const { explain, issuing } = start({}, { humanCheck });
    expect(await explain('guest-1')).toMatchObject({ refusal: { code: 'human-check-required' } });
    expect(await explain('guest-1', { humanPassed: true })).toMatchObject({ outcome: 'served' });
    await issuing.token('guest-1');
    expect(await explain('guest-1')).toMatchObject({ outcome: 'served' });
  });

  test('knows the reason of who has written in the month before', async () => {
    const { explain, issuing } = start();
    const { own } = (await explain('ada')).person!;
    const at = Date.parse('2026-10-09T08:00:00Z');
    await issuing.ledger.record(DEFAULT_SERVICE, [
      { identity: own, signal: 'messaged', at, source: 'webhook', className: 'member' },
    ]);
    expect(await explain('ada', { intent: 'notification' })).toMatchObject({
      outcome: 'served',
      rule: 'reason-to-connect',
      months: [{ known: false, reason: true }],
    });
  });

  test('says when only Twilio could tell', async () => {
    const { explain } = start({}, { lookUp: true });
    expect(await explain('ada', { intent: 'notification' })).toMatchObject({
      refusal: { code: 'no-reason-to-connect' },
      lookUp: true,
    });
    expect(await explain('ada', { intent: 'open_chat' })).toMatchObject({ lookUp: false });
  });

  test('at the end of a month shows both months, and the token cut short by the later one', async () => {
    const { explain, issuing } = start({ clock: settableClock(Date.parse('2026-11-30T23:58:00Z')) });
    const december = parseMonth('2026-12') as Month;
    await issuing.ledger.configureBudget(DEFAULT_SERVICE, december, budgetOf({ scopes: { all: 0 } }));
    expect(await explain('ada')).toMatchObject({
      outcome: 'served',
      expiresAt: Date.parse('2026-11-30T23:59:55Z') / 1000,
      months: [
        { month: '2026-11', refusal: null },
        { month: '2026-12', refusal: { code: 'mau-budget-exhausted' } },
      ],
    });
  });
});

describe('any explanation', () => {
  const intents = fc.constantFrom<IntentRule>('allow', 'deny', 'needs-reason', 'known-only');
  const policies: fc.Arbitrary<Partial<Policy>> = fc.record({
    intents: fc.record({
      open_chat: fc.constant<IntentRule>('allow'),
      a: intents,
      b: intents,
    }),
    shadow: fc.subarray([...SHADOW_RULES]),
    requireOrigin: fc.boolean(),
    crawlers: fc.boolean(),
  });
  const requests = fc.record({
    who: fc.constantFrom('ada', 'grace', 'agent-1', 'guest-1', 'test-1'),
    intent: fc.constantFrom('a', 'b', 'open_chat', 'none'),
    tabState: fc.constantFrom(undefined, 'visible' as const, 'hidden' as const),
    hints: fc.record({ prefetch: fc.boolean(), crawler: fc.boolean(), originMissing: fc.boolean() }),
  });
  const budgets = fc.record({
    all: fc.nat(4),
    member: fc.nat(3),
    agents: fc.nat(2),
    mode: fc.constantFrom<Budget['mode']>('off', 'warn', 'block'),
  });
  const instants = fc.constantFrom(
    '2026-11-20T21:00:00Z',
    '2026-11-30T23:56:00Z',
    '2026-11-30T23:59:30Z',
    '2026-12-01T00:00:02Z',
  );

  test('says what then becomes of the very same request', async () => {
    await fc.assert(
      fc.asyncProperty(
        policies,
        budgets,
        instants,
        fc.array(requests, { minLength: 1, maxLength: 8 }),
        async (policy, { all, member, agents, mode }, instant, asked) => {
          const { issuing, explain } = start({ policy, clock: settableClock(Date.parse(instant)) });
          const budget = budgetOf({
            mode,
            scopes: { all, 'class:member': member },
            reserve: { agent: Math.min(agents, all) },
          });
          await issuing.ledger.configureBudget(DEFAULT_SERVICE, MONTH, budget);
          for (const { who, intent, tabState, hints } of asked) {
            const explanation = await explain(who, { intent, tabState, hints });
            const answer = await issuing.ask(who, { intent, tabState }, { hints: { ...NO_HINTS, ...hints } });
            expect(explanation.outcome).toBe(answer.outcome === 'refused' ? 'refused' : 'served');
            if (answer.outcome === 'refused') expect(explanation.refusal).toEqual(answer);
            else expect(explanation.person?.effective).toBe(answer.identity);
            if (answer.outcome === 'minted') expect(explanation.expiresAt).toBe(answer.expiresAt);
          }
          await issuing.close();
          opened.length = 0;
        },
      ),
      { numRuns: 60 },
    );
  });
});
