import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import {
  daysAnswerSchema,
  identitiesPageSchema,
  mintsPageSchema,
  monthSummarySchema,
  monthsAnswerSchema,
} from '../../src/contract.ts';
import { type Month, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { budgetOf } from '../ledger/contract/builders.ts';
import { createOperatorApp, FINANCE, type OperatorApp, VIEWER } from '../ops/operator-app.ts';
import { mintTokens, recordActs } from '../reports/fill-month.ts';

const NOVEMBER = parseMonth('2026-11') as Month;

let gateway: OperatorApp;
beforeEach(async () => {
  gateway = createOperatorApp();
  await mintTokens(gateway.ledger, [
    { identity: 'm_old', at: '2026-09-10T10:00:00Z' },
    { identity: 'm_a', at: '2026-10-10T10:00:00Z' },
    { identity: 'm_a', at: '2026-11-01T10:00:00Z' },
    { identity: 'm_b', at: '2026-11-02T10:00:00Z' },
    { identity: 'g_c', at: '2026-11-02T11:00:00Z', className: 'guest' },
    { identity: 'm_b', at: '2026-11-20T20:00:00Z' },
  ]);
  await recordActs(gateway.ledger, [
    { identity: 'm_b', signal: 'connected', at: '2026-11-02T10:00:30Z' },
    { identity: '+15550100'.slice(1), signal: 'addressed', at: '2026-11-03T10:00:00Z', className: 'address' },
  ]);
  await gateway.ledger.countRefusal(
    DEFAULT_SERVICE,
    'lazy-connect-required',
    Date.parse('2026-11-03T10:00:00Z'),
  );
  await gateway.ledger.configureBudget(DEFAULT_SERVICE, NOVEMBER, budgetOf({ scopes: { all: 500 } }));
});
afterEach(() => gateway.ledger.close());

function get(path: string, headers: Record<string, string> = FINANCE) {
  return request(gateway.app).get(path).set(headers);
}

describe('GET /v1/months/{month}', () => {
  it('gives the summary of the contract', async () => {
    const { body, headers } = await get('/v1/months/2026-11').expect(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(monthSummarySchema.strict().parse(body)).toEqual(body);
    expect(body).toMatchObject({
      month: '2026-11',
      service: 'default',
      asOf: '2026-11-20T21:00:00.123Z',
      identities: {
        total: 4,
        new: 3,
        returning: 1,
        byClass: { member: 2, guest: 1, address: 1 },
        bySignal: { minted: 3, connected: 1, addressed: 1, messaged: 0 },
      },
      activeUsers: { low: 2, high: 4 },
      mints: { minted: 4, reused: 0, refused: { 'lazy-connect-required': 1 } },
      budget: { limit: 500, used: 4, remaining: 496, overByEvidence: 0, mode: 'block' },
      cost: { currency: 'USD', low: 0.1, high: 0.2, table: 'flat' },
    });
  });

  it('knows the current month by name', async () => {
    const { body } = await get('/v1/months/current').expect(200);
    expect(body.month).toBe('2026-11');
  });

  it('gives zeros for a month without data and for another service', async () => {
    for (const path of ['/v1/months/2019-02', '/v1/months/2030-01', '/v1/months/2026-11?service=shop']) {
      const { body } = await get(path).expect(200);
      expect(body).toMatchObject({ identities: { total: 0, new: 0 }, mints: { minted: 0 } });
    }
  });

  it('keeps money from viewers', async () => {
    const { body } = await get('/v1/months/current', VIEWER).expect(200);
    expect(body).not.toHaveProperty('cost');
    expect(body.activeUsers).toMatchObject({ low: 2, high: 4 });
  });
});

describe('GET /v1/months', () => {
  it('lists the months with data and the current one, newest first', async () => {
    gateway.clock.set(Date.parse('2026-12-01T00:00:00Z'));
    const { body } = await get('/v1/months').expect(200);
    expect(monthsAnswerSchema.parse(body)).toEqual(body);
    expect(body.months.map(({ month }: { month: string }) => month)).toEqual([
      '2026-12',
      '2026-11',
      '2026-10',
      '2026-09',
    ]);
    expect(body.months[1].cost.high).toBe(0.2);
  });

  it('keeps money from viewers and takes a limit', async () => {
    const { body } = await get('/v1/months?limit=2', VIEWER).expect(200);
    expect(body.months).toHaveLength(2);
    for (const month of body.months) expect(month).not.toHaveProperty('cost');
  });
});

describe('GET /v1/months/{month}/days', () => {
  it('has a row for every day so far', async () => {
    const { body, headers } = await get('/v1/months/current/days', VIEWER).expect(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(daysAnswerSchema.strict().parse(body)).toEqual(body);
    expect(body.days).toHaveLength(20);
    expect(body.days[1]).toEqual({
      day: '2026-11-02',
      new: { member: 1, guest: 1 },
      minted: 2,
      reused: 0,
      refused: {},
      cumulative: 3,
    });
    expect(body.days[2]).toMatchObject({ new: { address: 1 }, refused: { 'lazy-connect-required': 1 } });
    expect(body.days[19]).toMatchObject({ day: '2026-11-20', minted: 1, cumulative: 4 });
  });

  it('has every day of a month that is over', async () => {
    const { body } = await get('/v1/months/2026-10/days').expect(200);
    expect(body.days).toHaveLength(31);
  });
});

describe('GET /v1/months/{month}/identities', () => {
  it('gives everyone of the month', async () => {
    const { body } = await get('/v1/months/2026-11/identities').expect(200);
    expect(identitiesPageSchema.strict().parse(body)).toEqual(body);
    expect(body.nextCursor).toBeNull();
    expect(body.items).toHaveLength(4);
    expect(body.items).toContainEqual({
      identity: 'm_b',
      class: 'member',
      firstSeen: '2026-11-02T10:00:00Z',
      lastSeen: '2026-11-20T20:00:00Z',
      mints: 2,
      signals: ['minted', 'connected'],
    });
  });

  it.each([
    ['class=guest', ['g_c']],
    ['class=nobody', []],
    ['signal=connected', ['m_b']],
    ['signal=minted&not=connected', ['g_c', 'm_a']],
    ['not=minted,connected', ['15550100']],
    ['signal=minted,connected', ['m_b']],
    ['q=m_', ['m_a', 'm_b']],
    ['q=g_c', ['g_c']],
    ['q=M_', []],
    ['q=m_&class=member&signal=connected', ['m_b']],
  ])('filters by %s', async (query, identities) => {
    const { body } = await get(`/v1/months/2026-11/identities?${query}`).expect(200);
    expect(body.items.map(({ identity }: { identity: string }) => identity).sort()).toEqual(identities);
  });

  it.each(['', '&signal=minted'])('pages without gap or repetition (filter %j)', async (filter) => {
    const all = await get(`/v1/months/2026-11/identities?${filter}`);
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await get(`/v1/months/2026-11/identities?limit=1${filter}${cursor}`).expect(200);
      expect(body.items).toHaveLength(1);
      seen.push(...body.items);
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(all.body.items);
  });
});

describe('GET /v1/months/{month}/mints', () => {
  it('gives the mint log in its order', async () => {
    const { body } = await get('/v1/months/2026-11/mints').expect(200);
    expect(mintsPageSchema.parse(body).items).toHaveLength(4);
    expect(body.items[0]).toEqual({
      id: '2026-11-1',
      at: '2026-11-01T10:00:00Z',
      identity: 'm_a',
      class: 'member',
      subject: 'm_a',
      intent: 'open_chat',
      outcome: 'minted',
      expiresAt: '2026-11-01T11:00:00Z',
      rule: 'intent-allowed',
      first: true,
    });
    expect(body.items[3]).toMatchObject({ id: '2026-11-4', identity: 'm_b', first: false });
  });

  it('filters and pages', async () => {
    const first = await get('/v1/months/2026-11/mints?class=member&q=m_b&limit=1').expect(200);
    expect(first.body.items).toMatchObject([{ id: '2026-11-2' }]);
    const rest = await get(
      `/v1/months/2026-11/mints?class=member&q=m_b&limit=1&cursor=${first.body.nextCursor}`,
    );
    expect(rest.body).toMatchObject({ items: [{ id: '2026-11-4' }], nextCursor: null });
  });
});
