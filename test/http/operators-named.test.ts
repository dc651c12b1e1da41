import { afterEach, expect, test } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { createRequestIds } from '../../src/http/request-id.ts';
import { createRequestScope } from '../../src/http/request-scope.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { createOperatorApp, FINANCE, type OperatorApp, VIEWER } from '../ops/operator-app.ts';

let open: OperatorApp;

afterEach(() => open.ledger.close());

/** Asks an operator's app inside the scope that all requests have, and answers what is logged of it. */
async function eventOf(path: string, headers: Record<string, string>): Promise<unknown> {
  open = createOperatorApp();
  const events: unknown[] = [];
  const destination = { write: (line: string) => void events.push(JSON.parse(line)) };
  const { logger } = await createLogger({
    ...{ level: 'info', format: 'json', clock: open.clock, destination },
  });
  const metrics = createMetrics({ version: '0.0.0-test', fill: () => Promise.resolve([]) });
  const app = express();
  app.use(createRequestScope({ requestIds: createRequestIds(), logger, metrics, demo: false }));
  app.use(open.app);
  await request(app).get(path).set(headers);
  expect(events).toHaveLength(1);
  return events[0];
}

test.each([
  ['a list', '/v1/months', VIEWER, 200, 'the viewer'],
  ['an export', '/v1/months/2026-11/identities', { ...FINANCE, Accept: 'text/csv' }, 200, 'the finance'],
  ['what they may not read', '/v1/months/2026-11/identities', VIEWER, 403, 'the viewer'],
  ['a page', '/ops', FINANCE, 200, 'the finance'],
  ['a page that they may not see', '/ops/identities', VIEWER, 403, 'the viewer'],
])('the log says which operator asked for %s', async (_, path, headers, status, operator) => {
  expect(await eventOf(path, headers)).toMatchObject({ event: 'http.request', status, operator });
});

test.each([
  ['an unknown key', { Authorization: 'Bearer nobody' }, 401],
  ['no key', {}, 401],
])('and names nobody for %s', async (_, headers, status) => {
  const event = await eventOf('/v1/months', headers);
  expect(event).toMatchObject({ event: 'http.request', status });
  expect(event).not.toHaveProperty('operator');
});
