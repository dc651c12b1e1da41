import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { forecastSchema, wasteSchema } from '../../src/contract/figures.ts';
import { monthSummarySchema } from '../../src/contract.ts';
import { ADMIN, createOperatorApp, FINANCE, type OperatorApp, VIEWER } from '../ops/operator-app.ts';
import { mintTokens, recordActs } from '../reports/fill-month.ts';

const AT = '2026-11-02T10:00:00Z';

let gateway: OperatorApp;
beforeEach(async () => {
  gateway = createOperatorApp();
  const identities = Array.from({ length: 60 }, (_, index) => `m_${index}`);
  await mintTokens(
    gateway.ledger,
    identities.map((identity) => ({ identity, at: AT })),
  );
  await recordActs(gateway.ledger, [
    { identity: 'm_0', signal: 'messaged', at: AT },
    { identity: 'm_1', signal: 'joined', at: AT },
    { identity: 'm_2', signal: 'updated', at: AT },
  ]);
});
afterEach(() => gateway.ledger.close());

function get(path: string, headers: Record<string, string> = FINANCE) {
  return request(gateway.app).get(path).set(headers);
}

describe('GET /v1/months/{month}/forecast', () => {
  it('gives the band, its cost and the method', async () => {
    const { body, headers } = await get('/v1/months/current/forecast').expect(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(forecastSchema.strict().parse(body)).toEqual(body);
    expect(body).toMatchObject({ month: '2026-11', method: 'seven-day-pace', used: 60, exhaustedOn: null });
    expect(body.cost).toMatchObject({ currency: 'USD', table: 'flat' });
  });

  it('keeps money from viewers', async () => {
    const { body } = await get('/v1/months/2026-11/forecast', VIEWER).expect(200);
    expect(body).not.toHaveProperty('cost');
    expect(body.identities).toMatchObject({ low: 60 });
  });

  it('says why there is none', async () => {
    const { body } = await get('/v1/months/2026-12/forecast').expect(200);
    expect(body).toMatchObject({ identities: null, cost: null, reason: 'not-begun', method: 'none' });
    expect((await get('/v1/months/2026-11/forecast?service=shop')).body.reason).toBe('too-few-identities');
  });
});

describe('GET /v1/months/{month}/waste', () => {
  it('gives every kind in identities and dollars', async () => {
    const { body, headers } = await get('/v1/months/2026-11/waste').expect(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(wasteSchema.strict().parse(body)).toEqual(body);
    expect(body.kinds[0]).toEqual({ kind: 'never-connected', identities: 58, cost: { low: 0, high: 2.9 } });
  });

  it('counts by other rules when asked', async () => {
    const { body } = await get('/v1/months/2026-11/waste?rules=audit-article-2026-11').expect(200);
    expect(body).toMatchObject({ rules: 'audit-article-2026-11' });
    // A token that never connects costs nothing by that reading; m_2 was updated.
    expect(body.kinds[0].cost).toEqual({ low: 0, high: 0.05 });
  });

  it('is not for viewers', async () => {
    expect(await get('/v1/months/2026-11/waste', VIEWER)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    await get('/v1/months/2026-11/waste', ADMIN).expect(200);
  });
});

describe('GET /v1/months/{month}?rules=', () => {
  it.each([
    ['twilio-2026-11', 'identities', 2, 60],
    ['identity-page-2026-11', 'identities', 3, 3],
    ['audit-article-2026-11', 'identities', 2, 3],
    ['silent-free-2026-06', 'identities', 1, 1],
    ['per-conversation-2026-06', 'conversations', 0, 0],
  ])('%s counts %s: %i to %i', async (rules, unit, low, high) => {
    const { body } = await get(`/v1/months/2026-11?rules=${rules}`).expect(200);
    expect(monthSummarySchema.strict().parse(body)).toEqual(body);
    expect(body.activeUsers).toEqual({ low, high, rules, unit });
    expect(body.cost).toMatchObject({
      low: Number((low * 0.05).toFixed(6)),
      high: Number((high * 0.05).toFixed(6)),
    });
    // What is in the month does not depend on who counts.
    expect(body.identities.total).toBe(60);
    const listed = await get(`/v1/months?rules=${rules}`).expect(200);
    expect(listed.body.months[0].activeUsers).toEqual({ low, high, rules, unit });
  });
});

describe('a faulty question', () => {
  it.each([
    ['/v1/months/2026-13/forecast', 400, 'invalid-request'],
    ['/v1/months/2026-13/waste', 400, 'invalid-request'],
    ['/v1/months/november/forecast', 400, 'invalid-request'],
    ['/v1/months/2026-11/forecast?rules=twilio-2026-11', 400, 'invalid-request'],
    ['/v1/months/2026-11/waste?rules=mine', 400, 'invalid-request'],
    ['/v1/months/2026-11?rules=../../etc/passwd', 400, 'invalid-request'],
    ['/v1/months?rules=__proto__', 400, 'invalid-request'],
    ['/v1/months/2026-11/waste?service=nowhere', 404, 'not-found'],
  ])('%s: %i %s', async (path, status, code) => {
    expect(await get(path)).toMatchObject({ status, body: { code } });
  });

  it('names the versions that there are', async () => {
    const { body } = await get('/v1/months/2026-11/waste?rules=mine');
    expect(body.errors).toEqual([
      { pointer: '?rules', detail: expect.stringContaining('audit-article-2026-11, identity-page-2026-11') },
    ]);
  });

  it.each(['forecast', 'waste'])('%s without a key: 401', async (what) => {
    expect(await request(gateway.app).get(`/v1/months/2026-11/${what}`)).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
  });
});
