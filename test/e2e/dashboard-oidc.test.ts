import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import request from 'supertest';
import { createOpsOidc, type OpsOidcOptions } from '../../src/auth/ops-oidc.ts';
import { type Dashboard, startDashboard } from '../ops/dashboard.ts';
import { startChromium } from '../support/chromium.ts';
import { startOperatorProvider } from '../support/operator-provider.ts';
import { plantSecrets } from '../support/planted-secrets.ts';

const CLIENT_SECRET = 'client-secret-of-the-dashboard';

let provider: Awaited<ReturnType<typeof startOperatorProvider>>;
let browser: Browser;
let dashboard: Dashboard;
let context: BrowserContext;

beforeAll(async () => {
  plantSecrets({ CLIENT_SECRET });
  browser = await startChromium();
  provider = await startOperatorProvider();
});
afterAll(async () => {
  await Promise.all([provider.stop(), browser.close()]);
});
beforeEach(async () => {
  dashboard = await startDashboard({ oidc: createOpsOidc(optionsFor(provider.url)) });
  context = await browser.newContext({ baseURL: dashboard.url });
  // The provider's pages ask for a font from elsewhere.
  await context.route(/googleapis/, (route) => route.abort());
});
afterEach(async () => {
  await context.close();
  await dashboard.stop();
});

function optionsFor(url: string): OpsOidcOptions {
  return {
    issuer: url,
    clientId: 'dashboard',
    clientSecret: CLIENT_SECRET,
    nameClaim: 'email',
    roleClaim: 'groups',
    roles: { viewer: ['staff'], finance: ['finance', 'controlling'], admin: ['admin'] },
    scopes: ['openid', 'email', 'groups'],
    timeoutMs: 30_000,
  };
}

async function signIn(login: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto('/ops');
  await page.click('text=Sign in with 127.0.0.1');
  await page.fill('input[name=login]', login);
  await page.fill('input[name=password]', 'any');
  await page.click('button[type=submit]');
  // An app of this machine is always asked about.
  await page.click('button:has-text("Continue")');
  await page.waitForURL('**/ops/login/callback**');
  return page;
}

describe('signing in at the identity provider', () => {
  it('opens the dashboard in the role that the groups give', async () => {
    const page = await signIn('ann+staff+controlling');
    expect(await page.locator('h1').innerText()).toBe('Signed in');
    await page.click('text=Open the dashboard');
    expect(await page.locator('.who').innerText()).toBe('oidc:ann@example.com finance');
    const cookies = await context.cookies(dashboard.url);
    expect(cookies.find(({ name }) => name === 'mg_ops')).toMatchObject({
      httpOnly: true,
      sameSite: 'Strict',
    });
    expect(cookies.find(({ name }) => name === 'mg_ops_login')).toBeUndefined();
  });

  it('shows nothing to somebody without a role', async () => {
    const page = await signIn('bob');
    expect(await page.locator('.fault').innerText()).toBe('You are known there, but have no role here.');
    await page.goto('/ops');
    expect(await page.locator('h1').innerText()).toBe('Sign in');
  });

  it('takes an answer once, and only in the browser that asked', async () => {
    const page = await signIn('ann+admin');
    const callback = new URL(page.url());
    const again = await page.goto(callback.href);
    expect(again?.status()).toBe(401);
    const stranger = await browser.newContext();
    const other = await stranger.newPage();
    expect((await other.goto(callback.href))?.status()).toBe(401);
    expect(await other.locator('.fault').innerText()).toBe('The sign-in did not hold. Start it again.');
    await stranger.close();
  });

  it('goes by a state, a nonce and a challenge', async () => {
    const answer = await request(dashboard.gateway.app).get('/ops/login/oidc').expect(303);
    const address = new URL(String(answer.headers['location']));
    expect(address.origin).toBe(provider.url);
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{20,}$/),
      nonce: expect.stringMatching(/^[\w-]{20,}$/),
    });
    const [cookie = ''] = answer.headers['set-cookie'] as unknown as string[];
    expect(cookie).toMatch(/^mg_ops_login=[\w-]+; Max-Age=600; .*HttpOnly; SameSite=Lax$/);
  });
});

describe('an identity provider that does not answer', () => {
  it('is told apart from a wrong sign-in, and asked again later', async () => {
    await dashboard.stop();
    dashboard = await startDashboard({ oidc: createOpsOidc(optionsFor('http://127.0.0.1:9')) });
    for (const path of ['/ops/login/oidc', '/ops/login/oidc']) {
      const answer = await request(dashboard.gateway.app).get(path).expect(503);
      expect(answer.text).toContain('The identity provider does not answer');
      expect(answer.headers['retry-after']).toBe('5');
    }
    await request(dashboard.gateway.app).get('/ops/login/callback?code=x&state=y').expect(401);
  });
});

describe('without an identity provider', () => {
  it('there is nothing to go to', async () => {
    await dashboard.stop();
    dashboard = await startDashboard();
    await request(dashboard.gateway.app).get('/ops/login/oidc').expect(404);
    await request(dashboard.gateway.app).get('/ops/login/callback').expect(404);
  });
});
