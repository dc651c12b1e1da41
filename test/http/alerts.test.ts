import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { alertsPageSchema } from '../../src/contract/alerts.ts';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { fireAlerts, NOW } from '../alerts/fire-alerts.ts';
import { createOperatorApp, type OperatorApp, VIEWER } from '../ops/operator-app.ts';

let gateway: OperatorApp;
beforeEach(() => {
  gateway = createOperatorApp();
});
afterEach(() => gateway.ledger.close());

function get(query = '', headers: Record<string, string> = VIEWER) {
  return request(gateway.app).get(`/v1/alerts${query}`).set(headers);
}

async function deliverFirst(): Promise<void> {
  const { ledger } = gateway;
  const take = { targets: ['pager'], now: NOW + 1_000, leaseMs: 20_000, max: 1 };
  const [due] = await ledger.takeDeliveries(DEFAULT_SERVICE, take);
  await ledger.settleDelivery(DEFAULT_SERVICE, due?.alert.id ?? '', 'pager', {
    ...{ at: NOW + 2_000, state: 'pending', dueAt: NOW + 7_000, error: 'answered 500' },
  });
}

describe('GET /v1/alerts', () => {
  it('gives viewers the alerts, newest first, with their deliveries', async () => {
    await fireAlerts(gateway.ledger, 2);
    await deliverFirst();
    const { body, headers } = await get().expect(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(alertsPageSchema.strict().parse(body)).toEqual(body);
    expect(body.nextCursor).toBeNull();
    expect(body.items).toMatchObject([
      { month: '2026-11', budget: 'all', threshold: 20, state: 'escalated', limit: 10, used: 2 },
      {
        ...{ month: '2026-11', budget: 'all', threshold: 10, state: 'firing', limit: 10, used: 1 },
        deliveries: [
          {
            ...{ target: 'pager', state: 'pending', attempts: 1, error: 'answered 500' },
            ...{ lastAttemptAt: '2026-11-20T21:00:02.123Z', dueAt: '2026-11-20T21:00:07.123Z' },
          },
        ],
      },
    ]);
  });

  it('gives every alert once, page by page', async () => {
    await fireAlerts(gateway.ledger, 10);
    const thresholds: number[] = [];
    let query = '?limit=3';
    for (let pages = 0; pages < 10; pages++) {
      const { body } = await get(query).expect(200);
      expect(body.items.length).toBeLessThanOrEqual(3);
      thresholds.push(...body.items.map((row: { threshold: number }) => row.threshold));
      if (body.nextCursor === null) break;
      query = `?limit=3&cursor=${body.nextCursor}`;
    }
    expect(thresholds).toEqual([100, 90, 80, 70, 60, 50, 40, 30, 20, 10]);
  });

  it('is empty for a service without alerts', async () => {
    await fireAlerts(gateway.ledger, 1);
    expect((await get('?service=shop').expect(200)).body).toEqual({ items: [], nextCursor: null });
  });

  it('refuses a cursor of another service', async () => {
    await fireAlerts(gateway.ledger, 2);
    const { body } = await get('?limit=1').expect(200);
    const { body: problem } = await get(`?service=shop&cursor=${body.nextCursor}`).expect(400);
    expect(problem.errors).toEqual([{ pointer: '?cursor', detail: 'Is not a cursor of this listing.' }]);
  });

  it.each(['?limit=0', '?limit=1001', '?limit=x', '?cursor=x', '?month=2026-11', '?service=a&service=b'])(
    'answers 400 to %s',
    async (query) => {
      const { body } = await get(query).expect(400);
      expect(body).toMatchObject({ code: 'invalid-request', errors: [{}] });
    },
  );

  it('answers 404 to an unknown service', async () => {
    expect((await get('?service=other').expect(404)).body.code).toBe('not-found');
  });

  it.each([{}, { Authorization: 'Bearer other-key' }])('answers 401 to %j', async (headers) => {
    expect((await get('', headers as Record<string, string>).expect(401)).body.code).toBe('unauthenticated');
  });

  it('answers 503 while the ledger is away', async () => {
    await gateway.ledger.close();
    gateway = createOperatorApp({
      ledger: { alerts: () => Promise.reject(new GatewayError('ledger-unavailable', 'gone')) },
    });
    expect((await get().expect(503)).body).toMatchObject({ code: 'ledger-unavailable', retryable: true });
  });
});
