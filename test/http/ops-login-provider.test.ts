import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { createOpsOidc } from '../../src/auth/ops-oidc.ts';
import { type Dashboard, startDashboard } from '../ops/dashboard.ts';
import { startChromium } from '../support/chromium.ts';
import { startOperatorProvider } from '../support/operator-provider.ts';
import { plantSecrets } from '../support/planted-secrets.ts';

const CLIENT_SECRET = 'client-secret-of-the-dashboard';
const TARGET = '/ops/identities?class=member';

let provider: Awaited<ReturnType<typeof startOperatorProvider>>;
let browser: Browser;
let dashboard: Dashboard;

beforeAll(async () => {
  plantSecrets({ CLIENT_SECRET });
  browser = await startChromium();
  provider = await startOperatorProvider();
  dashboard = await startDashboard({
    oidc: createOpsOidc({
      ...{ issuer: provider.url, clientId: 'dashboard', clientSecret: CLIENT_SECRET, timeoutMs: 30_000 },
      ...{ nameClaim: 'email', roleClaim: 'groups', scopes: ['openid', 'email', 'groups'] },
      roles: { viewer: ['staff'], finance: ['finance'], admin: ['admin'] },
    }),
  });
});
afterAll(() => Promise.all([provider.stop(), browser.close(), dashboard.stop()]));

it('an address that was sent to a colleague opens after signing in at a real provider', async () => {
  const context = await browser.newContext({ baseURL: dashboard.url });
  // The provider's pages ask for a font from elsewhere.
  await context.route(/googleapis/, (route) => route.abort());
  const page = await context.newPage();
  await page.goto(TARGET);
  await page.click('text=Sign in with 127.0.0.1');
  await page.fill('input[name=login]', 'ann+finance');
  await page.fill('input[name=password]', 'any');
  await page.click('button[type=submit]');
  await page.click('button:has-text("Continue")');
  await page.click('text=Open the dashboard');
  expect(page.url()).toBe(`${dashboard.url}${TARGET}`);
  expect(await page.locator('h1').innerText()).toBe('Identities of November 2026');
  const names = (await context.cookies()).map(({ name }) => name);
  expect(names.filter((name) => name.startsWith('mg_'))).toEqual(['mg_ops']);
  await context.close();
});

it('and after signing in with a key', async () => {
  const context = await browser.newContext({ baseURL: dashboard.url });
  const page = await context.newPage();
  await page.goto(TARGET);
  await page.fill('input[name=key]', 'finance-key');
  await page.click('button:has-text("Sign in with a key")');
  expect(page.url()).toBe(`${dashboard.url}${TARGET}`);
  expect(await page.locator('h1').innerText()).toBe('Identities of November 2026');
  await context.close();
});
