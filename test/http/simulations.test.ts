import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { simulationAnswerSchema } from '../../src/contract/simulation.ts';
import { createOperatorApp, FINANCE, type OperatorApp, VIEWER } from '../ops/operator-app.ts';
import { mintTokens } from '../reports/fill-month.ts';
import { pointersOf, steer } from './steer.ts';

let gateway: OperatorApp;
let send: ReturnType<typeof steer>;
beforeEach(async () => {
  gateway = createOperatorApp();
  send = steer(gateway);
  await mintTokens(gateway.ledger, [
    { identity: 'm_a', at: '2026-11-02T10:00:00Z' },
    { identity: 'm_b', at: '2026-11-03T10:00:00Z', intent: 'refresh' },
    { identity: 'm_c', at: '2026-11-04T10:00:00Z', tenant: 'acme' },
    { identity: 'm_a', at: '2026-11-05T10:00:00Z' },
  ]);
});
afterEach(() => gateway.ledger.close());

function simulate(policy: object, month = '2026-11', headers: Record<string, string> = FINANCE) {
  return send.post('/v1/simulations', { month, policy }, headers);
}

describe('POST /v1/simulations', () => {
  it('says what a recorded month would have minted, refused and cost', async () => {
    const { body, headers } = await simulate({ budget: { limit: 1, mode: 'block' } }).expect(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(simulationAnswerSchema.strict().parse(body)).toEqual(body);
    expect(body).toMatchObject({
      ...{ month: '2026-11', service: 'default', asOf: '2026-11-20T21:00:00.123Z' },
      simulated: {
        ...{ identities: { total: 1, byClass: { member: 1 } }, minted: 2, warned: 0 },
        // `m_b` only refreshed, which the present policy allows to people already counted.
        refused: { 'mau-budget-exhausted': 1, 'lazy-connect-required': 1 },
        cost: { currency: 'USD', low: 0, high: 0.05, table: 'flat' },
      },
      recorded: { identities: { total: 3 }, minted: 4, cost: { high: 0.15 } },
    });
    expect(body.notes.length).toBeGreaterThan(2);
  });

  it('takes the present policy and the budget of the month, with raises, for what is left out', async () => {
    await send.budget({ limit: 1, mode: 'block' });
    const expiresAt = '2026-11-25T00:00:00Z';
    await send.post('/v1/budget/raises', { identities: 9, expiresAt, reason: 'x' }).expect(201);
    const { body } = await simulate({ intents: { refresh: 'allow' } }, 'current').expect(200);
    // The raise was made after all of this.
    expect(body.simulated).toMatchObject({
      ...{ identities: { total: 1 }, minted: 2, refused: { 'mau-budget-exhausted': 2 } },
    });
    const { body: without } = await simulate({ intents: { refresh: 'allow' }, budget: null });
    expect(without.simulated).toMatchObject({ identities: { total: 3 }, minted: 4, refused: {} });
  });

  it('takes raises of its own', async () => {
    const raises = [
      {
        ...{ identities: 1, budget: 'tenant:acme' },
        ...{ createdAt: '2026-11-04T00:00:00Z', expiresAt: '2026-11-05T00:00:00Z' },
      },
    ];
    const budget = { limit: null, mode: 'block', tenants: { acme: 0 } };
    expect((await simulate({ budget })).body.simulated.identities.total).toBe(1);
    expect((await simulate({ budget, raises })).body.simulated.identities.total).toBe(2);
  });

  it('writes nothing', async () => {
    const before = (await send.get('/v1/months/current')).text;
    await simulate({ budget: { limit: 0, mode: 'block' } }).expect(200);
    expect((await send.get('/v1/months/current')).text).toBe(before);
    expect(await send.audit()).toEqual([]);
  });

  it('gives zeros for a month or service without data', async () => {
    const { body } = await simulate({}, '2019-02').expect(200);
    expect(body.simulated).toMatchObject({ identities: { total: 0 }, minted: 0, cost: { high: 0 } });
    const elsewhere = await send.post('/v1/simulations?service=shop', { month: 'current', policy: {} });
    expect(elsewhere.body).toMatchObject({ service: 'shop', simulated: { minted: 0 } });
  });

  it('runs one at a time', async () => {
    await gateway.ledger.close();
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let hasBegun = () => {};
    const begun = new Promise<void>((resolve) => {
      hasBegun = resolve;
    });
    const mints = () => {
      hasBegun();
      return gate.then(() => ({ items: [], next: null }));
    };
    gateway = createOperatorApp({ ledger: { mints } });
    send = steer(gateway);
    const first = simulate({}).then((answer) => answer);
    await begun;
    const second = await simulate({}).expect(409);
    expect(second.body.code).toBe('conflict');
    open();
    expect((await first).status).toBe(200);
    await simulate({}).expect(200);
  });

  it('refuses what it cannot read, with all its faults', async () => {
    const answer = await simulate({
      intents: { open_chat: 'maybe' },
      budget: { limit: -1, mode: 'block', reserves: {} },
      raises: [{ identities: 0, createdAt: 'x', expiresAt: 'y' }],
      budgets: {},
    }).expect(400);
    expect(pointersOf(answer)).toEqual([
      '/policy/intents/open_chat',
      '/policy/budget/limit',
      '/policy/budget/reserves',
      '/policy/raises/0/identities',
      '/policy/raises/0/createdAt',
      '/policy/raises/0/expiresAt',
      '/policy/budgets',
    ]);
  });

  it.each<[string, object, string, string[]]>([
    [
      'a budget that contradicts itself',
      { budget: { limit: 1, mode: 'warn', reserve: { agent: 2 } } },
      'current',
      ['/policy/budget/reserve'],
    ],
    ['raises of no budget', { raises: [] }, 'current', ['/policy/raises']],
    ['a malformed month', {}, '2026-13', ['/month']],
    ['a month out of range', {}, '0000-01', ['/month']],
  ])('refuses %s', async (_what, policy, month, pointers) => {
    expect(pointersOf(await simulate(policy, month).expect(400))).toEqual(pointers);
  });

  it('is for finance, on known services', async () => {
    await simulate({}, 'current', VIEWER).expect(403);
    await send.post('/v1/simulations?service=none', { month: 'current', policy: {} }).expect(404);
  });
});
