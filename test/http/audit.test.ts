import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { auditPageSchema } from '../../src/contract/steering.ts';
import { createOperatorApp, FINANCE, type OperatorApp } from '../ops/operator-app.ts';
import { pointersOf, steer } from './steer.ts';

let gateway: OperatorApp;
let send: ReturnType<typeof steer>;
beforeEach(async () => {
  gateway = createOperatorApp();
  send = steer(gateway);
  for (let at = 1; at <= 5; at++) {
    gateway.clock.advance(1000);
    await send.put(`/v1/identities/m_${at}/block`, { reason: `reason ${at}` }).expect(200);
  }
});
afterEach(() => gateway.ledger.close());

describe('GET /v1/audit', () => {
  it('lists every write, newest first', async () => {
    const { body } = await send.get('/v1/audit').expect(200);
    expect(auditPageSchema.strict().parse(body)).toEqual(body);
    expect(body.items.map(({ target }: { target: string }) => target)).toEqual(
      [5, 4, 3, 2, 1].map((at) => `m_${at}`),
    );
    expect(body.nextCursor).toBeNull();
  });

  it('pages without gap or repetition, also while more is written', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await send.get(`/v1/audit?limit=2${cursor}`).expect(200);
      seen.push(...body.items.map(({ target }: { target: string }) => target));
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
      await send.put('/v1/identities/m_more/block', { reason: 'meanwhile' });
    } while (cursor !== '');
    expect(seen).toEqual([5, 4, 3, 2, 1].map((at) => `m_${at}`));
  });

  it('keeps services apart', async () => {
    expect((await send.get('/v1/audit?service=shop').expect(200)).body.items).toEqual([]);
    const { nextCursor } = (await send.get('/v1/audit?limit=2')).body;
    await send.get(`/v1/audit?service=shop&cursor=${nextCursor}`).expect(400);
  });

  it('refuses a bad cursor, limit and name at once, and everybody but admins', async () => {
    const answer = await send.get('/v1/audit?cursor=x&limit=0').expect(400);
    expect(pointersOf(answer)).toEqual(['?cursor', '?limit']);
    await send.get('/v1/audit?limit=1001').expect(400);
    await send.get('/v1/audit?month=2026-11').expect(400);
    await send.get('/v1/audit', FINANCE).expect(403);
  });
});
