import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import {
  createOperatorApp,
  FINANCE,
  type OperatorApp,
  type OperatorAppOptions,
  VIEWER,
} from '../ops/operator-app.ts';
import { mintTokens } from '../reports/fill-month.ts';

let gateway: OperatorApp;
let server: Server;
let url: string;

async function start(options: OperatorAppOptions = {}): Promise<void> {
  gateway = createOperatorApp(options);
  server = gateway.app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/events`;
}

async function stop(): Promise<void> {
  gateway.endStreams();
  server.close();
  server.closeAllConnections();
  await gateway.ledger.close();
}

beforeEach(() => start());
afterEach(() => stop());

interface Event {
  event: string;
  id?: string;
  data: Record<string, never> & { [name: string]: unknown };
}

/** An open stream; `next` gives one event after the other, null at its end. */
async function listen(headers: Record<string, string> = FINANCE, query = '') {
  const abort = new AbortController();
  const response = await fetch(`${url}${query}`, { headers, signal: abort.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    response,
    close: () => abort.abort(),
    async next(): Promise<Event | null> {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end >= 0) {
          const fields = Object.fromEntries(
            text
              .slice(0, end)
              .split('\n')
              .map((line) => line.split(/: (.*)/s).slice(0, 2)),
          );
          text = text.slice(end + 2);
          if (fields.event !== undefined) return { ...fields, data: JSON.parse(fields.data) };
          continue;
        }
        const { value, done } = await reader.read();
        if (done) return null;
        text += value;
      }
    },
  };
}

describe('GET /v1/events', () => {
  it('tells the figures of the month, and again when they change', async () => {
    const stream = await listen();
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.response.headers.get('cache-control')).toBe('no-store');
    const first = await stream.next();
    expect(first).toMatchObject({ event: 'month', data: { month: '2026-11', identities: { total: 0 } } });
    await mintTokens(gateway.ledger, [{ identity: 'm_a', at: '2026-11-20T10:00:00Z' }]);
    const second = await stream.next();
    expect(second).toMatchObject({ event: 'month', data: { identities: { total: 1 } } });
    expect(second?.id).not.toBe(first?.id);
    const { body } = await request(gateway.app).get('/v1/months/current').set(FINANCE);
    expect({ ...second?.data, asOf: null }).toEqual({ ...body, asOf: null });
    stream.close();
  });

  it('says at least now and then that nothing changed', async () => {
    const stream = await listen();
    await stream.next();
    gateway.clock.advance(1_000);
    expect(await stream.next()).toMatchObject({ event: 'beat', data: { asOf: expect.any(String) } });
    stream.close();
  });

  it('keeps money from viewers', async () => {
    const stream = await listen(VIEWER);
    expect((await stream.next())?.data).not.toHaveProperty('cost');
    stream.close();
  });

  it('does not repeat figures that the browser knows', async () => {
    const stream = await listen();
    const id = (await stream.next())?.id ?? '';
    stream.close();
    const again = await listen({ ...FINANCE, 'Last-Event-ID': id });
    expect((await again.next())?.event).toBe('beat');
    again.close();
    const other = await listen({ ...FINANCE, 'Last-Event-ID': 'old' });
    expect((await other.next())?.event).toBe('month');
    other.close();
  });

  it('says when the ledger does not answer, and when it is back', async () => {
    await stop();
    let away = true;
    const real = createOperatorApp();
    await start({
      ledger: {
        totals: (...asked) =>
          away
            ? Promise.reject(new GatewayError('ledger-unavailable', 'gone'))
            : real.ledger.totals(...asked),
      },
    });
    const stream = await listen();
    expect(await stream.next()).toMatchObject({ event: 'away', data: { since: '2026-11-20T21:00:00.123Z' } });
    away = false;
    expect((await stream.next())?.event).toBe('month');
    stream.close();
    await real.ledger.close();
  });

  it('ends when the session does, also while figures keep coming', async () => {
    await stop();
    await start({ streams: { checkMs: 50 } });
    const session = gateway.sessions.seal({ name: 'ann', role: 'viewer' }, 'key', gateway.clock.now());
    const headers = { Cookie: `mg_ops=${session}`, 'Sec-Fetch-Site': 'same-origin' };
    const stream = await listen(headers);
    await stream.next();
    await gateway.sessions.end(session, gateway.clock.now());
    while ((await stream.next()) !== null);
  });

  it('ends when the gateway does, and a new one ends at once', async () => {
    const stream = await listen();
    await stream.next();
    gateway.endStreams();
    expect(await stream.next()).toBeNull();
    const late = await listen();
    expect(late.response.status).toBe(200);
    expect(await late.next()).toBeNull();
  });

  it('is open for so many at a time, and for so long', async () => {
    await stop();
    await start({ streams: { streamsMax: 2, perOperatorMax: 1, lifeMs: 200 } });
    const one = await listen();
    await request(gateway.app)
      .get('/v1/events')
      .set(FINANCE)
      .expect(429, /Too many event streams/);
    const two = await listen(VIEWER);
    while ((await one.next()) !== null);
    while ((await two.next()) !== null);
    const three = await listen();
    expect((await three.next())?.event).toBe('month');
    three.close();
  });

  it('is for operators, of services that exist', async () => {
    await request(gateway.app).get('/v1/events').expect(401);
    await request(gateway.app).get('/v1/events?service=nobody').set(FINANCE).expect(404);
    await request(gateway.app).get('/v1/events?month=2026-11').set(FINANCE).expect(400);
    await request(gateway.app).head('/v1/events').set(FINANCE).expect(200);
  });
});
