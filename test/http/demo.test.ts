import { readdirSync } from 'node:fs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Express } from 'express';
import request from 'supertest';
import { findFile } from '../../src/demo/site/find-file.ts';
import { createDemoRoutes, type DemoRoutesDeps } from '../../src/http/routes/demo.ts';
import { createDemoHome } from '../../src/http/routes/demo-home.ts';
import { buildApp, ISSUED } from './build-app.ts';
import { expectProblem } from './expect-problem.ts';

const SOCKETS = ['ws://127.0.0.1:1/v3/wsconnect', 'ws://127.0.0.1:2/v3/wsconnect'];

let app: Express;
let ledger: number;
let views: string[];

beforeEach(async () => {
  ledger = 40;
  views = [];
  const site: DemoRoutesDeps['site'] = {
    file: findFile,
    sockets: SOCKETS,
    countVisitor: (shop) => views.push(shop),
    open: (shop) => ({ socketUrl: SOCKETS[0], shop }),
    tally: (shop) => (shop === 'eager' ? { visitors: 7, billed: 7 } : { visitors: 7, billed: 2 }),
  };
  const routes = createDemoRoutes({
    site,
    costOf: (users) => users / 20,
    countLedger: async () => ledger,
  });
  const extra = [['/demo', routes] as const, ['/', createDemoHome()] as const];
  ({ app } = await buildApp(ISSUED, { demo: true, extra }));
});

describe('the demo page', () => {
  it('runs only our files, and connects only to us and to the fake', async () => {
    const response = await request(app)
      .get('/demo')
      .expect(200)
      .expect('content-type', /^text\/html/);
    const policy = response.headers['content-security-policy'];
    expect(policy).toContain(`connect-src 'self' ${SOCKETS.join(' ')};`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.text).not.toMatch(/<script(?![^>]* src=)|style="|onclick=/);
  });

  it.each(['eager', 'lazy'])('shows the %s shop inside of itself, and counts who looks', async (shop) => {
    const response = await request(app).get(`/demo/shops/${shop}`).expect(200);
    expect(response.headers['content-security-policy']).toContain("frame-ancestors 'self'");
    expect(response.text).not.toMatch(/<script(?![^>]* src=)|style="|onclick=/);
    expect(views).toEqual([shop]);
    await request(app).get(`/demo/shops/${shop}/visitor`).expect(200, { socketUrl: SOCKETS[0], shop });
    expect(views).toEqual([shop]);
  });

  it('tells what came of both shops since it was first opened', async () => {
    await request(app).get('/demo');
    ledger = 42;
    await request(app)
      .get('/demo/state')
      .expect(200, {
        eager: { visitors: 7, billed: 7, usd: 0.35 },
        lazy: { visitors: 7, billed: 2, usd: 0.1, ledger: 2 },
      });
    // A new month begins with an empty ledger.
    ledger = 1;
    expect((await request(app).get('/demo/state')).body.lazy.ledger).toBe(1);
  });

  it('serves all files that its pages name', async () => {
    const pages = await Promise.all(
      ['/demo', '/demo/shops/eager', '/demo/shops/lazy'].map((path) => request(app).get(path)),
    );
    const named = pages.flatMap(({ text }) =>
      [...text.matchAll(/"(\/demo\/files\/[^"]+)"/g)].map(([, path]) => path!),
    );
    const scripts = readdirSync('src/demo/site/browser').map((name) => `/demo/files/${name}`);
    expect(named.length).toBeGreaterThan(6);
    for (const path of new Set([...named, ...scripts, '/demo/files/sdk.js'])) {
      const { status, headers } = await request(app).get(path);
      expect([path, status, headers['content-type']]).toEqual([
        path,
        200,
        expect.stringMatching(path.endsWith('.js') ? /^text\/javascript/ : /^(text\/css|image\/svg)/),
      ]);
    }
  });

  it.each([
    '/demo/shops/other',
    '/demo/shops/other/visitor',
    '/demo/files/none.js',
    '/demo/files/find-file.ts',
    '/demo/files/..%2Ffind-file.js',
    '/demo/files/client/..%2F..%2Fmain.js',
    '/demo/files/client/none.js',
    '/demo/files/package.json',
    '/demo/files/client',
  ])('knows no %s', async (path) => {
    expectProblem(await request(app).get(path), 'not-found');
  });

  it('is where the bare address leads, and no other', async () => {
    await request(app).get('/').expect(303).expect('location', '/demo');
    expectProblem(await request(app).get('/index.html'), 'not-found');
    await request(app).post('/').expect(405).expect('allow', /GET/);
  });

  it('takes nothing', async () => {
    await request(app).post('/demo/state').expect(405).expect('allow', /GET/);
  });
});
