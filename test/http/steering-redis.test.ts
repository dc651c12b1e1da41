import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { timeLedger } from '../../src/ledger/timed-ledger.ts';
import { ADMIN, createOperatorApp, type OperatorApp } from '../ops/operator-app.ts';
import { ISSUER, ownIdentity } from '../ops/own-identity.ts';
import { mintTokens } from '../reports/fill-month.ts';
import { openTestRedisLedger } from '../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { steer } from './steer.ts';

/* The other tests of these routes run on the embedded ledger; here is the whole of an operator's day on Redis. */

let server: RedisServer;
let gateway: OperatorApp;
let send: ReturnType<typeof steer>;
beforeAll(async () => {
  server = await startRedisServer();
  const ledger = await openTestRedisLedger({ kind: 'single', url: server.url });
  gateway = createOperatorApp({ ledger: timeLedger(ledger, () => {}) });
  send = steer(gateway);
});
afterAll(async () => {
  await gateway.ledger.close();
  await server.stop();
});

describe('steering on Redis', () => {
  it('takes over people, sets limits, raises, freezes, blocks and erases, and tells it all', async () => {
    const imported = await request(gateway.app)
      .post('/v1/identity-imports?reason=moving')
      .set({ ...ADMIN, 'Content-Type': 'text/csv' })
      .send('subject,identity\nada,chat-ada\neve,chat-eve\n');
    expect([imported.status, imported.body.linked]).toEqual([200, 2]);

    const at = '2026-11-20T20:00:00Z';
    await mintTokens(gateway.ledger, [
      { identity: ownIdentity('ada'), at },
      { identity: ownIdentity('tim'), at },
    ]);
    const set = await send.budget({ limit: 2, mode: 'block', reserve: { agent: 1 } });
    expect([set.status, set.body.used, set.body.remaining]).toEqual([200, 2, 0]);
    expect(set.headers['etag']).toBe((await send.get('/v1/budget')).headers['etag']);

    const raise = { identities: 2, expiresAt: '2026-11-25T00:00:00Z', reason: 'sale' };
    const key = { 'Idempotency-Key': 'k1' };
    const raised = await send.post('/v1/budget/raises', raise, key).expect(201);
    expect((await send.post('/v1/budget/raises', raise, key).expect(201)).text).toBe(raised.text);
    await send.post('/v1/budget/raises', { ...raise, identities: 3 }, key).expect(409);
    expect((await send.get('/v1/budget')).body).toMatchObject({ effective: { limit: 4 }, remaining: 2 });

    await send.put('/v1/freeze', { reason: 'attack' }).expect(200);
    expect((await send.get('/v1/freeze')).body.frozen).toBe(true);
    await send.delete('/v1/freeze?reason=over').expect(200);
    await send.delete(`/v1/budget/raises/${raised.body.id}?reason=over`).expect(200);
    await send.put('/v1/identities/chat-ada/block', { reason: 'abuse' }).expect(200);
    expect((await send.get('/v1/identities/chat-ada')).body).toMatchObject({
      ...{ blocked: true, links: { servedAs: null, servedFor: ownIdentity('ada') } },
      months: [{ month: '2026-11', mints: 1 }],
    });

    const trial = { month: 'current', policy: { budget: { limit: 1, mode: 'block' } } };
    expect((await send.post('/v1/simulations', trial)).body.simulated).toMatchObject({
      ...{ identities: { total: 1 }, refused: { 'mau-budget-exhausted': 1 } },
    });

    const person = { issuer: ISSUER, subject: 'ada', reason: 'request 77' };
    const erased = await send.post('/v1/erasures', person).expect(200);
    expect(erased.body).toMatchObject({ months: ['2026-11'] });
    await send.get('/v1/identities/chat-ada').expect(404);
    const { items } = (await send.get('/v1/months/current/mints')).body;
    expect(JSON.stringify(items)).not.toMatch(`chat-ada|${ownIdentity('ada')}`);
    expect((await send.get('/v1/months/current')).body.identities.total).toBe(2);

    expect((await send.audit()).map(({ action }) => action)).toEqual([
      ...['person.erase', 'identity.block', 'budget.raise-end', 'freeze.lift', 'freeze.set'],
      ...['budget.raise', 'budget.set', 'identities.import'],
    ]);
  });
});
