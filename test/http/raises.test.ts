import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { raiseSchema, raisesAnswerSchema } from '../../src/contract/steering.ts';
import { type Month, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createOperatorApp, FINANCE, type OperatorApp, VIEWER } from '../ops/operator-app.ts';
import { mintTokens } from '../reports/fill-month.ts';
import { pointersOf, steer } from './steer.ts';

let gateway: OperatorApp;
let send: ReturnType<typeof steer>;
beforeEach(async () => {
  gateway = createOperatorApp();
  send = steer(gateway);
  await send.budget({ limit: 1, mode: 'block', classes: { guest: 1 }, tenants: { '*': 5 } });
});
afterEach(() => gateway.ledger.close());

const RAISE = { identities: 1, expiresAt: '2026-11-21T00:00:00Z', reason: 'sale' };

async function admit(identity: string, at: string): Promise<number> {
  await mintTokens(gateway.ledger, [{ identity, at }]);
  return (await gateway.ledger.totals(DEFAULT_SERVICE, parseMonth('2026-11') as Month)).all;
}

describe('raises', () => {
  it('lift the limit until they expire, and no longer', async () => {
    expect(await admit('m_a', '2026-11-20T21:00:00Z')).toBe(1);
    expect(await admit('m_b', '2026-11-20T21:00:00Z')).toBe(1);
    const { body } = await send.post('/v1/budget/raises', RAISE).expect(201);
    expect(raiseSchema.strict().parse(body)).toMatchObject({
      ...{ month: '2026-11', budget: 'all', identities: 1, inForce: true, reason: 'sale', by: 'the admin' },
      ...{ createdAt: '2026-11-20T21:00:00Z', expiresAt: '2026-11-21T00:00:00Z' },
    });
    expect((await send.get('/v1/budget', VIEWER)).body).toMatchObject({
      ...{ limit: 1, effective: { limit: 2 }, raises: [{ id: body.id }] },
    });
    expect(await admit('m_b', '2026-11-20T22:00:00Z')).toBe(2);
    expect(await admit('m_c', '2026-11-21T00:00:00Z')).toBe(2);
    gateway.clock.set(Date.parse('2026-11-21T00:00:00Z'));
    expect((await send.get('/v1/budget')).body).toMatchObject({ effective: { limit: 1 }, raises: [] });
    const list = (await send.get('/v1/budget/raises', VIEWER).expect(200)).body;
    expect(raisesAnswerSchema.parse(list).raises).toMatchObject([{ id: body.id, inForce: false }]);
  });

  it('can be ended before that, once a reason is given', async () => {
    const { id } = (await send.post('/v1/budget/raises', RAISE)).body;
    expect(pointersOf(await send.delete(`/v1/budget/raises/${id}`))).toEqual(['?reason']);
    const { body } = await send.delete(`/v1/budget/raises/${id}?reason=over`).expect(200);
    expect(body).toMatchObject({ id, inForce: false });
    expect((await send.get('/v1/budget')).body.effective.limit).toBe(1);
    await send.delete(`/v1/budget/raises/${id}?reason=again`).expect(404);
    expect((await send.audit()).map(({ action, reason }) => [action, reason])).toEqual([
      ['budget.raise-end', 'over'],
      ['budget.raise', 'sale'],
      ['budget.set', 'a test'],
    ]);
  });

  it('lift a class or a tenant that has a limit', async () => {
    for (const budget of ['class:guest', 'tenant:acme']) {
      await send.post('/v1/budget/raises', { ...RAISE, budget }).expect(201);
    }
    const { effective } = (await send.get('/v1/budget')).body;
    expect(effective).toMatchObject({ limit: 1, classes: { guest: 2 } });
  });

  it('end with the month', async () => {
    await send.post('/v1/budget/raises', { ...RAISE, expiresAt: '2026-12-01T00:00:00Z' }).expect(201);
    gateway.clock.set(Date.parse('2026-12-01T00:00:00Z'));
    const { body } = await send.get('/v1/budget');
    expect(body).toMatchObject({ month: '2026-12', limit: 1, effective: { limit: 1 }, source: 'operator' });
  });

  it.each<[string, object, string[]]>([
    ['in the past', { expiresAt: '2026-11-20T21:00:00Z' }, ['/expiresAt']],
    ['after the month', { expiresAt: '2026-12-01T00:00:01Z' }, ['/expiresAt']],
    ['of no limit', { budget: 'class:member' }, ['/budget']],
    ['of an unknown kind', { budget: 'group:x' }, ['/budget']],
    ['of every tenant together', { budget: 'tenant:*' }, ['/budget']],
    ['of a name that never ends', { budget: `tenant:${'x'.repeat(200)}` }, ['/budget']],
    ['of nobody', { identities: 0 }, ['/identities']],
    ['of half a person', { identities: 0.5 }, ['/identities']],
    ['without a zone', { expiresAt: '2026-11-21T00:00:00' }, ['/expiresAt']],
    ['without a reason', { reason: undefined }, ['/reason']],
    [
      'with all of it wrong',
      { expiresAt: '2026-12-24T00:00:00Z', budget: 'class:x' },
      ['/expiresAt', '/budget'],
    ],
  ])('%s are refused', async (_what, parts, pointers) => {
    const answer = await send.post('/v1/budget/raises', { ...RAISE, ...parts });
    expect([answer.status, pointersOf(answer)]).toEqual([400, pointers]);
    expect((await send.get('/v1/budget/raises')).body.raises).toEqual([]);
  });

  it('honour If-Match when there is one', async () => {
    const { etag } = (await send.get('/v1/budget')).headers;
    const match = { 'If-Match': String(etag) };
    await send.post('/v1/budget/raises', RAISE, match).expect(201);
    await send.post('/v1/budget/raises', RAISE, match).expect(412);
    await send.post('/v1/budget/raises', RAISE, { 'If-Match': 'x' }).expect(400);
  });

  it('without If-Match all go through, however many come at once', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => send.post('/v1/budget/raises', RAISE)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect((await send.get('/v1/budget')).body.effective.limit).toBe(5);
  });

  it('are limited in number, since every admission looks at each', async () => {
    for (let made = 0; made < 50; made++) await send.post('/v1/budget/raises', RAISE).expect(201);
    await send.post('/v1/budget/raises', RAISE).expect(409);
  });

  it('are for admins, and an id that can be none is malformed', async () => {
    await send.post('/v1/budget/raises', RAISE, FINANCE).expect(403);
    await send.delete('/v1/budget/raises/r?reason=x', FINANCE).expect(403);
    await send.delete('/v1/budget/raises/%7Bx%7D?reason=x').expect(400);
    await send.delete('/v1/budget/raises/unknown?reason=x').expect(404);
  });
});
