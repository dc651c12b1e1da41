import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startChromium } from '../support/chromium.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { monthSummary } from './answers.ts';
import { configuredEnv, OPS_KEY, SHARED, SHARED_ISSUER_FILE, signShared } from './configured.ts';

const DEADLINE_MS = 60_000;
const FILE = `${SHARED_ISSUER_FILE}
guests: { policy: per-browser }
compatibility: { tokenEndpoint: password }
`;

let gateway: GatewayProcess;
let browser: Browser;

beforeAll(async () => {
  const started = startGateway({
    env: configuredEnv({ [SHARED.variable]: SHARED.secret, LOG_LEVEL: 'debug', LOG_FORMAT: 'json' }),
    configFile: FILE,
  });
  [gateway, browser] = await Promise.all([started, startChromium()]);
}, DEADLINE_MS);
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

const people = async () => (await monthSummary(gateway.url, OPS_KEY)).identities.total;

describe('/token of the running program', () => {
  test(
    'gives a guest’s browser a token for a script of its own page, and for nothing else',
    async () => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`${gateway.url}/problems/forbidden`);
      const ask = (path: string, init: object = {}) =>
        page.evaluate(
          async ([where, options]) => {
            const answer = await fetch(where, options);
            return { status: answer.status, text: await answer.text() };
          },
          [path, init] as const,
        );
      const headers = { 'Content-Type': 'application/json' };
      const before = await people();
      expect((await ask('/v1/guests', { method: 'POST', headers, body: '{}' })).status).toBe(200);

      // An image in this page, the address bar, and a page of another site whose browser sends the cookie along.
      const loads = page.waitForResponse((response) => response.url().endsWith('/token'));
      await page.evaluate('document.body.append(Object.assign(new Image(), { src: "/token" }))');
      expect((await loads).status()).toBe(403);
      const stranger = await context.newPage();
      expect((await stranger.goto(`${gateway.url}/token`))?.status()).toBe(403);
      const elsewhere = gateway.url.replace('127.0.0.1', 'localhost');
      await stranger.goto(`${elsewhere}/problems/forbidden`);
      const [followed] = await Promise.all([
        stranger.waitForNavigation(),
        stranger.evaluate(`location.href = "${gateway.url}/token"`),
      ]);
      expect(followed?.status()).toBe(403);
      expect(await people()).toBe(before);

      const { status, text } = await ask('/token');
      expect([status, text.split('.').length]).toEqual([200, 3]);
      expect((await ask('/token', { method: 'POST', headers, body: '{}' })).text).toBe(text);
      expect(await people()).toBe(before + 1);
      await context.close();
    },
    DEADLINE_MS,
  );

  test('takes a login as a password, warned of it at the start, and prints nothing of it', async () => {
    expect(gateway.stderr()).toMatch(/compatibility\.tokenEndpoint is password: .* logs keep/);
    const password = await signShared('ada');
    const before = await people();
    const answer = await fetch(`${gateway.url}/token?identity=grace-the-customer&password=${password}`);
    expect([answer.status, (await answer.text()).split('.').length]).toEqual([200, 3]);
    const wrong = await fetch(`${gateway.url}/token?identity=grace-the-customer&password=${password}x`);
    expect(wrong.status).toBe(401);
    expect(await people()).toBe(before + 1);
    // The last lines are written at the end.
    const { stdout, stderr } = await gateway.stop();
    const printed = stdout + stderr;
    expect(printed).toContain('"route":"/token"');
    expect(printed).not.toContain(password);
    expect(printed).not.toContain('grace-the-customer');
  });
});
