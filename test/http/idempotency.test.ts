import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createOperatorApp, type OperatorApp } from '../ops/operator-app.ts';
import { steer } from './steer.ts';

let gateway: OperatorApp;
let send: ReturnType<typeof steer>;
beforeEach(async () => {
  gateway = createOperatorApp();
  send = steer(gateway);
  await send.budget({ limit: 100, mode: 'block' });
});
afterEach(() => gateway.ledger.close());

const RAISE = { identities: 50, expiresAt: '2026-11-25T00:00:00Z', reason: 'sale' };
const KEY = { 'Idempotency-Key': 'raise-1' };

async function raises(): Promise<{ id: string }[]> {
  return (await send.get('/v1/budget/raises')).body.raises;
}

describe('Idempotency-Key', () => {
  it('gives the very same answer again and changes nothing more', async () => {
    const first = await send.post('/v1/budget/raises', RAISE, KEY).expect(201);
    gateway.clock.advance(3_600_000);
    const again = await send.post('/v1/budget/raises', RAISE, KEY).expect(201);
    expect(again.text).toBe(first.text);
    expect(await raises()).toHaveLength(1);
    expect(await send.audit()).toHaveLength(2);
  });

  it('also for the write that another change has overtaken', async () => {
    const { etag } = (await send.get('/v1/budget')).headers;
    const headers = { ...KEY, 'If-Match': String(etag) };
    const body = { limit: 5, mode: 'block', reason: 'x' };
    const first = await send.put('/v1/budget', body, headers).expect(200);
    await send.budget({ limit: 6, mode: 'block' });
    const again = await send.put('/v1/budget', body, headers).expect(200);
    expect(again.text).toBe(first.text);
    expect(again.headers).not.toHaveProperty('etag');
    expect((await send.get('/v1/budget')).body.limit).toBe(6);
  });

  it('survives a burst of the same request', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => send.post('/v1/budget/raises', RAISE, KEY)),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await raises()).toHaveLength(1);
  });

  it.each<[string, () => ReturnType<typeof send.post>]>([
    ['another body', () => send.post('/v1/budget/raises', { ...RAISE, identities: 51 }, KEY)],
    ['another reason', () => send.post('/v1/budget/raises', { ...RAISE, reason: 'other' }, KEY)],
    ['another address', () => send.put('/v1/freeze', { reason: 'sale' }, KEY)],
    ['another method', () => send.delete('/v1/freeze?reason=sale', KEY)],
  ])('is refused for %s', async (_what, other) => {
    await send.post('/v1/budget/raises', RAISE, KEY).expect(201);
    const answer = await other();
    expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
    expect(await raises()).toHaveLength(1);
  });

  it('is one for each operator', async () => {
    const session = gateway.sessions.seal({ name: 'ann', role: 'admin' }, 'key', gateway.clock.now());
    await send.post('/v1/budget/raises', RAISE, KEY).expect(201);
    const own = { ...KEY, Cookie: `mg_ops=${session}`, 'Sec-Fetch-Site': 'same-origin' };
    await send
      .post('/v1/budget/raises', { ...RAISE, identities: 1 }, own)
      .unset('Authorization')
      .expect(201);
  });

  it('is forgotten after 24 hours', async () => {
    await send.post('/v1/budget/raises', RAISE, KEY).expect(201);
    gateway.clock.advance(24 * 3_600_000 - 1);
    await send.post('/v1/budget/raises', RAISE, KEY).expect(201);
    expect(await raises()).toHaveLength(1);
    gateway.clock.advance(1);
    await send.post('/v1/budget/raises', RAISE, KEY).expect(201);
    expect(await raises()).toHaveLength(2);
  });

  it('keeps no refusal: a corrected state may be asked again', async () => {
    const { etag } = (await send.get('/v1/budget')).headers;
    await send.budget({ limit: 101, mode: 'block' });
    const body = { limit: 5, mode: 'block', reason: 'x' };
    await send.put('/v1/budget', body, { ...KEY, 'If-Match': String(etag) }).expect(412);
    const now = (await send.get('/v1/budget')).headers['etag'];
    await send.put('/v1/budget', body, { ...KEY, 'If-Match': String(now) }).expect(200);
  });

  it.each(['', 'x'.repeat(256), 'tab\there'])('must be 1 to 255 printable characters: %j', async (key) => {
    const answer = await send.post('/v1/budget/raises', RAISE, { 'Idempotency-Key': key });
    expect(answer.status).toBe(400);
    expect(await raises()).toHaveLength(0);
  });
});
