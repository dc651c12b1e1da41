import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import express, { type Router } from 'express';
import request from 'supertest';
import { requestIdOf } from '../../src/http/request-scope.ts';
import { buildApp, ISSUED } from './build-app.ts';
import { closeListeners, listenOn } from './listen-on.ts';

afterEach(closeListeners);

function months(): Router {
  const router = express.Router();
  router.get('/:month', (_req, res) => void res.json({ requestId: requestIdOf(res) }));
  router.get('/:month/refused', (_req, _res, next) => next(new Error('x')));
  router.get('/:month/endless', (_req, res) => void res.write('x'));
  return router;
}

describe('the event of a request', () => {
  test('is one, with pattern, status and id, and without path or query', async () => {
    const { app, events } = await buildApp(ISSUED, { months: months() });

    const response = await request(app).get('/v1/months/2026-11?q=m_secret').set('X-Request-Id', 'r.1');

    expect(response.body).toEqual({ requestId: 'r.1' });
    expect(response.headers['x-request-id']).toBe('r.1');
    expect(events).toEqual([
      {
        level: 'info',
        time: '2026-11-20T21:00:00.123Z',
        event: 'http.request',
        method: 'GET',
        route: '/v1/months/{month}',
        status: 200,
        durationMs: expect.any(Number),
        requestId: 'r.1',
      },
    ]);
  });

  test('names the pattern also when the answer came from the error handler', async () => {
    const { app, events } = await buildApp(ISSUED, { months: months() });
    await request(app).get('/v1/months/2026-11/refused');
    expect(events).toMatchObject([{ level: 'error', route: '/v1/months/{month}/refused', status: 500 }]);
  });

  test('an unknown address has no route, so that nobody can invent metric labels', async () => {
    const { app, events, metrics } = await buildApp(ISSUED);
    await request(app).get('/some/path/m_secret');
    expect(events).toMatchObject([{ route: null, status: 404 }]);
    const { text } = await metrics.expose();
    expect(text).toContain('http_route="none"');
    expect(text).not.toContain('m_secret');
  });

  test('an event stream is in the log, not among times to answer; its refusal is', async () => {
    const router = express.Router();
    router.get('/events', (req, res) => {
      if (req.query['no'] !== undefined) return void res.status(429).end();
      res.set('Content-Type', 'text/event-stream; charset=utf-8').end();
    });
    const { app, events, metrics } = await buildApp(ISSUED, { months: router });
    await request(app).get('/v1/months/events');
    expect(events).toMatchObject([{ route: '/v1/months/events', status: 200 }]);
    const timed =
      'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/v1/months/events"';
    expect((await metrics.expose()).text).not.toContain(timed);
    await request(app).get('/v1/months/events?no');
    expect((await metrics.expose()).text).toContain(`${timed},http_response_status_code="429"} 1`);
  });

  test('tells of a client that left', async () => {
    const { app, events } = await buildApp(ISSUED, { months: months() });
    const { port } = await listenOn(app);
    await new Promise<void>((resolve) => {
      const call = httpRequest({ port, path: '/v1/months/2026-11/endless' }, () => {
        call.destroy();
        resolve();
      });
      call.on('error', () => {});
      call.end();
    });
    while (events.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(events).toMatchObject([{ status: 200, aborted: true }]);
  });
});
