import { afterEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { createOperatorApp, FINANCE, type OperatorApp, VIEWER } from '../ops/operator-app.ts';

let open: OperatorApp;

afterEach(() => open.ledger.close());

test('one operator who asks all the time is limited, the others are not', async () => {
  open = createOperatorApp({ requestsPerMinute: 2 });
  const ask = (headers: Record<string, string>) => request(open.app).get('/v1/months').set(headers);

  expect([(await ask(VIEWER)).status, (await ask(VIEWER)).status]).toEqual([200, 200]);
  const response = await ask(VIEWER);
  expect([response.status, response.body.code]).toEqual([429, 'rate-limited']);
  expect(response.headers['ratelimit-policy']).toBe('"operator-requests";q=2;w=60');
  expect(response.headers['retry-after']).toBe('60');
  expect((await ask(FINANCE)).status).toBe(200);
  open.clock.advance(60_000);
  expect((await ask(VIEWER)).status).toBe(200);
});
