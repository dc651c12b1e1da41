import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import express, { type Express } from 'express';
import request from 'supertest';
import { addShortcuts, createAddressReader, createListener } from '../../src/http/shortcuts.ts';

const servers: Server[] = [];
afterEach(() => Promise.all(servers.splice(0).map((each) => new Promise((resolve) => each.close(resolve)))));

/** A server whose one shortcut answers what `say` makes of the request; behind it stands the same handler as a route. */
function build(say: (req: IncomingMessage, app: Express) => string): {
  app: Express;
  server: Server;
  seen: string[];
} {
  const app = express();
  const seen: string[] = [];
  app.set('trust proxy', 1);
  const handler = (req: IncomingMessage, res: { end(text: string): unknown }) => res.end(say(req, app));
  app.post('/here', handler);
  addShortcuts(app, new Map([['/here', handler]]));
  const server = createServer(createListener(app));
  servers.push(server);
  app.use((req, res) => {
    seen.push(req.url);
    res.status(404).end();
  });
  return { app, server, seen };
}

/** Whether Express has laid hands on a request. */
const isTouched = (req: IncomingMessage) => String('app' in req);

describe('shortcuts', () => {
  test('exactly this method and URL is answered before Express has seen it', async () => {
    const { server } = build(isTouched);
    expect((await request(server).post('/here')).text).toBe('false');
  });

  test.each(['/here?x=1', '/here/', '/HERE'])('%s goes the ordinary way', async (url) => {
    const { server } = build(isTouched);
    expect((await request(server).post(url)).text).toBe('true');
  });

  test('another method does, too', async () => {
    const { server, seen } = build(isTouched);
    expect((await request(server).get('/here')).status).toBe(404);
    expect(seen).toEqual(['/here']);
  });

  test('what throws is answered by Express', async () => {
    const { app, server } = build(() => {
      throw new Error('s3cret');
    });
    app.use((_error: unknown, _req: unknown, res: express.Response, _next: express.NextFunction) => {
      res.status(500).end('by the app');
    });
    const answer = await request(server).post('/here');
    expect([answer.status, answer.text]).toEqual([500, 'by the app']);
  });

  test('the address is the one that the proxy in front names', async () => {
    const { server } = build((req, own) => String(createAddressReader(own)(req)));
    const answer = await request(server).post('/here').set('X-Forwarded-For', '203.0.113.9, 198.51.100.7');
    expect(answer.text).toBe('198.51.100.7');
  });
});
