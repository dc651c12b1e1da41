import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { closingSchema, manifestSchema } from '../../src/contract/closing.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { timeLedger } from '../../src/ledger/timed-ledger.ts';
import { canonicalBytes } from '../../src/reports/manifest.ts';
import { isSignedBy } from '../../src/reports/manifest-key.ts';
import { mintTokens, recordActs } from '../reports/fill-month.ts';
import { ADMIN, createReconcileApp, FINANCE, makePem, type ReconcileApp, VIEWER } from './reconcile-app.ts';

let gateway: ReconcileApp;
beforeEach(async () => {
  gateway = createReconcileApp();
  await mintTokens(gateway.ledger, [
    { identity: 'm_a', at: '2026-11-01T10:00:00Z' },
    { identity: 'm_b', at: '2026-11-02T10:00:00Z' },
  ]);
});
afterEach(() => gateway.ledger.close());

const get = (path: string, headers: Record<string, string> = FINANCE) =>
  request(gateway.app).get(`/v1/months${path}`).set(headers);
const close = (month: string, { key, headers = ADMIN }: { key?: string; headers?: object } = {}) =>
  request(gateway.app)
    .post(`/v1/months/${month}/close`)
    .set({ ...headers, ...(key === undefined ? {} : { 'Idempotency-Key': key }) })
    .send({ reason: 'books of November' });

async function exportText(type: string): Promise<string> {
  const { body } = await get('/2026-11/identities')
    .set({ Accept: type })
    .buffer(true)
    .parse((answer, done) => {
      const chunks: Buffer[] = [];
      const stream = answer as unknown as NodeJS.ReadableStream;
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => done(null, Buffer.concat(chunks).toString()));
    });
  return body;
}

describe('the manifest', () => {
  it.each([
    ['csv', 'text/csv'],
    ['ndjson', 'application/x-ndjson'],
  ])('of an open month says what the %s export is, unsigned', async (format, type) => {
    const { body } = await get(`/2026-11/manifest?format=${format}`).expect(200);
    expect(manifestSchema.parse(body)).toEqual(body);
    const text = await exportText(type);
    expect(body).toMatchObject({
      ...{ month: '2026-11', service: 'default', format, rows: 2, kid: null, signature: null },
      sha256: createHash('sha256').update(text).digest('hex'),
      asOf: '2026-12-02T09:00:00.000Z',
    });
  });

  it('of a month without data is that of an export without rows', async () => {
    const { body } = await get('/2020-01/manifest').expect(200);
    const header = 'identity,class,firstSeen,lastSeen,mints,signals\r\n';
    expect(body).toMatchObject({ rows: 0, sha256: createHash('sha256').update(header).digest('hex') });
  });

  it('of a closed month is signed and always the same, whatever comes late', async () => {
    await close('2026-11').expect(200);
    const first = await get('/2026-11/manifest').expect(200);
    expect(first.body.kid).toBe(gateway.key.kid);
    const { signature, ...signed } = first.body;
    expect(isSignedBy(gateway.key.publicJwk, canonicalBytes(signed), signature)).toBe(true);
    expect(isSignedBy(gateway.key.publicJwk, canonicalBytes({ ...signed, rows: 3 }), signature)).toBe(false);

    await recordActs(gateway.ledger, [{ identity: 'late', signal: 'messaged', at: '2026-11-30T23:00:00Z' }]);
    gateway.clock.advance(3_600_000);
    const second = await get('/2026-11/manifest').expect(200);
    expect(second.text).toBe(first.text);
    const now = await get('/2026-11/manifest?now=true').expect(200);
    expect(now.body).toMatchObject({ rows: 3, signature: null, asOf: '2026-12-02T10:00:00.000Z' });
    expect(now.body.sha256).not.toBe(first.body.sha256);
  });

  it('signs members in the order of their names, whatever order they came in', () => {
    expect(canonicalBytes({ b: 1, signature: 'x', a: 'ü', c: null }).toString()).toBe(
      '{"a":"ü","b":1,"c":null}',
    );
  });

  it('refuses what it does not know', async () => {
    for (const query of ['format=json', 'now=yes', 'formt=csv', 'format=csv&format=csv']) {
      await get(`/2026-11/manifest?${query}`).expect(400);
    }
    await get('/2026-13/manifest').expect(400);
    await get('/2026-11/manifest?service=nobody').expect(404);
    await get('/2026-11/manifest', VIEWER).expect(403);
    await get('/2026-11/manifest', {}).expect(401);
  });
});

describe('closing a month', () => {
  it('freezes figures, rules, prices and digests, once, with an audit entry', async () => {
    const open = await get('/2026-11/close').expect(200);
    expect(open.body).toMatchObject({ closed: null, changed: [] });
    const { body } = await close('2026-11').expect(200);
    expect(closingSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      month: '2026-11',
      closed: {
        closedAt: '2026-12-02T09:00:00.000Z',
        closedBy: 'the admin',
        summary: { identities: { total: 2 }, cost: { table: 'flat' } },
        rules: { version: 'twilio-2026-11' },
        prices: { name: 'flat' },
        manifests: { csv: { rows: 2 }, ndjson: { rows: 2 } },
      },
      changed: [],
    });
    gateway.clock.advance(60_000);
    const again = await close('2026-11').expect(200);
    expect(again.body.closed).toEqual(body.closed);
    const { items } = await gateway.ledger.audit(DEFAULT_SERVICE, { after: null, limit: 10 });
    expect(items).toMatchObject([
      {
        ...{ action: 'month.close', target: '2026-11', by: 'the admin', reason: 'books of November' },
        after: { identities: 2, csv: body.closed.manifests.csv.sha256 },
      },
    ]);
  });

  it.each([
    [1, 200],
    [2, 200],
    [3, 409],
  ])(
    'freezes figures and rows of the same people, when %d come while they are read',
    async (late, status) => {
      const { ledger } = gateway;
      let left = late;
      const busy = createReconcileApp({
        ledger: {
          ...timeLedger(ledger, () => {}),
          async identities(service, month, page) {
            left -= 1;
            const acts = [
              { identity: `late-${left}`, signal: 'messaged', at: '2026-11-30T23:00:00Z' } as const,
            ];
            if (left >= 0) await recordActs(ledger, acts);
            return ledger.identities(service, month, page);
          },
        },
      });
      const path = '/v1/months/2026-11/close';
      const { body } = await request(busy.app).post(path).set(ADMIN).send({ reason: 'r' }).expect(status);
      if (status === 409) return expect(body.detail).toContain('keep changing');
      const { summary, manifests } = body.closed;
      expect([summary.identities.total, manifests.csv.rows]).toEqual([2 + late, 2 + late]);
    },
  );

  it('keeps what was frozen beside what came late, and says what is another', async () => {
    const { body: frozen } = await close('2026-11').expect(200);
    await recordActs(gateway.ledger, [
      { identity: 'late', signal: 'messaged', at: '2026-11-30T23:00:00Z' },
      { identity: 'm_a', signal: 'connected', at: '2026-11-30T23:00:00Z' },
    ]);
    const { body } = await get('/2026-11/close').expect(200);
    expect(body.closed).toEqual(frozen.closed);
    expect(body.now.identities.total).toBe(3);
    const figures = Object.fromEntries(
      body.changed.map((change: { figure: string }) => [change.figure, change]),
    );
    expect(figures).toMatchObject({
      'identities.total': { closed: 2, now: 3 },
      'identities.byClass.unknown': { closed: null, now: 1 },
      'identities.bySignal.connected': { closed: 0, now: 1 },
      'activeUsers.high': { closed: 2, now: 3 },
      'cost.high': { closed: 0.1, now: 0.15 },
    });
  });

  it.each(['2026-12', 'current', '2027-01'])('is refused for %s, which is not over', async (month) => {
    const { body } = await close(month).expect(409);
    expect(body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('is not over yet') });
    const { items } = await gateway.ledger.audit(DEFAULT_SERVICE, { after: null, limit: 10 });
    expect(items).toEqual([]);
  });

  it('answers the same request under its key with the same bytes, and refuses another under it', async () => {
    const first = await close('2026-11', { key: 'k' }).expect(200);
    await recordActs(gateway.ledger, [{ identity: 'late', signal: 'messaged', at: '2026-11-30T23:00:00Z' }]);
    expect((await close('2026-11', { key: 'k' }).expect(200)).text).toBe(first.text);
    await close('2026-10', { key: 'k' }).expect(409);
  });

  it('is for admins, with a reason', async () => {
    await close('2026-11', { headers: FINANCE }).expect(403);
    await request(gateway.app).post('/v1/months/2026-11/close').set(ADMIN).send({}).expect(400);
    await close('2026-1').expect(400);
    await get('/2026-11/close', VIEWER).expect(403);
  });
});

describe('a month that was closed without a key', () => {
  it('is signed as soon as there is one, over the same figures', async () => {
    const unsigned = createReconcileApp({ pem: null, ledger: gateway.ledger });
    const path = '/v1/months/2026-11';
    await request(unsigned.app).post(`${path}/close`).set(ADMIN).send({ reason: 'r' }).expect(200);
    const before = await request(unsigned.app).get(`${path}/manifest`).set(FINANCE);
    expect(before.body).toMatchObject({ kid: null, signature: null });

    const signing = createReconcileApp({ pem: makePem(), ledger: gateway.ledger });
    const { body } = await request(signing.app).get(`${path}/manifest`).set(FINANCE);
    expect(body).toEqual({ ...before.body, kid: signing.key.kid, signature: expect.any(String) });
    expect(isSignedBy(signing.key.publicJwk, canonicalBytes(body), body.signature)).toBe(true);
  });
});
