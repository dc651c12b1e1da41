import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freezeAnswerSchema } from '../../src/contract/steering.ts';
import { type Month, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createOperatorApp, FINANCE, type OperatorApp, VIEWER } from '../ops/operator-app.ts';
import { mintTokens } from '../reports/fill-month.ts';
import { pointersOf, steer } from './steer.ts';

let gateway: OperatorApp;
let send: ReturnType<typeof steer>;
beforeEach(() => {
  gateway = createOperatorApp();
  send = steer(gateway);
});
afterEach(() => gateway.ledger.close());

const OPEN = { service: 'default', month: '2026-11', frozen: false, since: null };
const FROZEN = { ...OPEN, frozen: true, since: '2026-11-20T21:00:00.123Z' };

describe('a freeze', () => {
  it('stops newcomers, not those who are known, from the next request on', async () => {
    await mintTokens(gateway.ledger, [{ identity: 'm_a', at: '2026-11-20T20:00:00Z' }]);
    expect((await send.get('/v1/freeze', VIEWER).expect(200)).body).toEqual(OPEN);
    const { body } = await send.put('/v1/freeze', { reason: 'attack' }).expect(200);
    expect(freezeAnswerSchema.strict().parse(body)).toEqual(FROZEN);
    await mintTokens(gateway.ledger, [
      { identity: 'm_b', at: '2026-11-20T21:00:01Z' },
      { identity: 'm_a', at: '2026-11-20T21:00:01Z' },
    ]);
    const totals = await gateway.ledger.totals(DEFAULT_SERVICE, parseMonth('2026-11') as Month);
    expect(totals).toMatchObject({ all: 1, minted: 2, refused: { 'new-identities-frozen': 1 } });
  });

  it('keeps its beginning when it is set again, and holds in the next month', async () => {
    await send.put('/v1/freeze', { reason: 'attack' });
    gateway.clock.set(Date.parse('2026-12-02T00:00:00Z'));
    const { body } = await send.put('/v1/freeze', { reason: 'still' }).expect(200);
    expect(body).toEqual({ ...FROZEN, month: '2026-12' });
  });

  it('is lifted with a reason; the audit log tells both', async () => {
    await send.put('/v1/freeze', { reason: 'attack' });
    expect(pointersOf(await send.delete('/v1/freeze').expect(400))).toEqual(['?reason']);
    expect((await send.delete('/v1/freeze?reason=over').expect(200)).body).toEqual(OPEN);
    expect((await send.get('/v1/freeze')).body).toEqual(OPEN);
    expect(await send.audit()).toMatchObject([
      { action: 'freeze.lift', before: { since: FROZEN.since }, after: { since: null }, reason: 'over' },
      { action: 'freeze.set', before: { since: null }, after: { since: FROZEN.since }, reason: 'attack' },
    ]);
  });

  it('honours If-Match when there is one', async () => {
    const match = { 'If-Match': String((await send.get('/v1/freeze')).headers['etag']) };
    await send.put('/v1/freeze', { reason: 'x' }, match).expect(200);
    await send.delete('/v1/freeze?reason=x', match).expect(412);
    expect((await send.get('/v1/freeze')).body.frozen).toBe(true);
  });

  it('is for admins, of a known service, with nothing else in the body', async () => {
    await send.put('/v1/freeze', { reason: 'x' }, FINANCE).expect(403);
    await send.delete('/v1/freeze?reason=x', VIEWER).expect(403);
    await send.put('/v1/freeze?service=none', { reason: 'x' }).expect(404);
    const answer = await send.put('/v1/freeze', { reason: 'x', since: '2026-01-01T00:00:00Z' });
    expect([answer.status, pointersOf(answer)]).toEqual([400, ['/since']]);
    expect((await send.get('/v1/freeze')).body).toEqual(OPEN);
  });
});
