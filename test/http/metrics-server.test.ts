import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { createMetricsServer, type MetricsServer } from '../../src/http/metrics-server.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { buildApp, ISSUED } from './build-app.ts';

describe('the metrics listener', () => {
  const metrics = createMetrics({ version: '1.2.3', fill: () => Promise.resolve([]) });
  let server: MetricsServer;
  let url: string;

  beforeEach(async () => {
    server = createMetricsServer(metrics);
    url = `http://127.0.0.1:${(await server.listen(0, '127.0.0.1')).port}`;
  });
  afterEach(() => server.close());

  test('gives the scrape', async () => {
    const response = await request(url).get('/metrics?x=1');
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.text).toContain('mauguard_build_info{version="1.2.3"');
  });

  test('and livez, and HEAD', async () => {
    expect((await request(url).get('/livez')).text).toBe('ok\n');
    expect((await request(url).head('/metrics')).status).toBe(200);
  });

  test('and nothing else', async () => {
    expect((await request(url).get('/v1/tokens')).status).toBe(404);
    const response = await request(url).post('/metrics');
    expect([response.status, response.headers['allow']]).toEqual([405, 'GET, HEAD']);
  });

  test('a port that is taken is a rejection', async () => {
    const second = createMetricsServer(metrics);
    await expect(second.listen(Number(new URL(url).port), '127.0.0.1')).rejects.toThrow('EADDRINUSE');
  });
});

test('a scrape that fails is a 500 without reasons', async () => {
  const broken = { ...createMetrics({ version: '1', fill: () => Promise.resolve([]) }) };
  broken.expose = () => Promise.reject(new Error('s3cret'));
  const server = createMetricsServer(broken);
  const { port } = await server.listen(0, '127.0.0.1');
  const response = await request(`http://127.0.0.1:${port}`).get('/metrics');
  expect([response.status, response.text]).toEqual([500, 'The metrics could not be collected.\n']);
  await server.close();
});

test('the gateway itself has no /metrics', async () => {
  const { app } = await buildApp(ISSUED);
  expect((await request(app).get('/metrics')).status).toBe(404);
});
