import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startChromium } from '../support/chromium.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { configuredEnv } from './configured.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** For a hundred real connections, on a busy machine. */
const DEADLINE_MS = 120_000;
/** Where a screenshot is to be kept, if anywhere. */
const KEPT = process.env['SCREENSHOTS'];

let gateway: GatewayProcess;
let browser: Browser;

beforeAll(async () => {
  [gateway, browser] = await Promise.all([startGateway(), startChromium()]);
}, DEADLINE_MS);
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

async function openDemo(options: { colorScheme?: 'light' | 'dark'; bypassCSP?: boolean } = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 860 }, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  const sockets: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('websocket', (socket) => sockets.push(socket.url()));
  await page.goto(`${gateway.url}/demo`);
  await page.locator('#eager-billed', { hasText: /^[1-9]/ }).waitFor();
  // The figures are of all who came by so far; this says that it is this page's own shop that has connected.
  const eager = page.frameLocator('iframe[src="/demo/shops/eager"]');
  await eager.locator('#state', { hasText: /^Connected/ }).waitFor();
  return { page, problems, sockets };
}

const figure = (page: Page, id: string) => page.locator(`#${id}`).innerText();
/** What came of both shops. */
async function state() {
  const answer = await fetch(`${gateway.url}/demo/state`);
  return (await answer.json()) as Record<'eager' | 'lazy', { billed: number; ledger: number }>;
}

describe('the demo page', () => {
  test(
    'shows within seconds what a page that connects at once costs, and what waiting saves',
    async () => {
      const { page, problems, sockets } = await openDemo();
      // Whoever came by the first shop is billed already, whoever came by the second is not even known.
      expect(await state()).toEqual({
        eager: { visitors: 1, billed: 1, usd: 0.05 },
        lazy: { visitors: 1, billed: 0, usd: 0, ledger: 0 },
      });
      expect(sockets).toHaveLength(1);

      await page.locator('#more').click();
      await page
        .locator('#said', { hasText: 'Saved so far: $4.95 of $5.05.' })
        .waitFor({ timeout: DEADLINE_MS });
      expect(await state()).toEqual({
        eager: { visitors: 101, billed: 101, usd: 5.05 },
        lazy: { visitors: 101, billed: 2, usd: 0.1, ledger: 2 },
      });
      expect(sockets).toHaveLength(1 + 100 + 2);
      expect(problems).toEqual([]);
      await page.context().close();
    },
    DEADLINE_MS,
  );

  test(
    'has a chat that goes on after a while in the background',
    async () => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.clock.install();
      // A page that is slow to become usable loses no click.
      await page.route('**/files/chat.js', async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        await route.continue();
      });
      await page.goto(`${gateway.url}/demo/shops/lazy`);
      const send = async (text: string) => {
        await page.locator('#text').fill(text);
        await page.locator('#text').press('Enter');
        await page.locator('#messages li', { hasText: text }).waitFor();
      };
      const toldThat = (state: RegExp) => page.locator('#state', { hasText: state }).waitFor();
      await page.getByRole('button', { name: 'Chat with us' }).click();
      await toldThat(/^Connected/);
      await send('one');
      const turn = (state: string) =>
        page.evaluate(
          `Object.defineProperty(document, 'visibilityState', { configurable: true, value: '${state}' });
          document.dispatchEvent(new Event('visibilitychange'));`,
        );
      await turn('hidden');
      await page.clock.fastForward('06:00');
      await toldThat(/^Paused/);
      const again = page.waitForEvent('websocket');
      await turn('visible');
      await again;
      await toldThat(/^Connected/);
      await send('two');
      expect(await page.locator('#messages li').allInnerTexts()).toEqual(['one', 'two']);
      await context.close();
    },
    DEADLINE_MS,
  );

  test(
    'has a chat that works, and bills for it when it is opened',
    async () => {
      const before = await state();
      const { page, problems, sockets } = await openDemo();
      const shop = page.frameLocator('iframe[src="/demo/shops/lazy"]');
      await shop.getByRole('button', { name: 'Chat with us' }).click();
      await shop.getByText('Connected: this visitor is billed for the month.').waitFor();
      await shop.getByLabel('Your message').fill('Is the teapot still there?');
      await shop.getByRole('button', { name: 'Send' }).click();
      await shop.getByText('Is the teapot still there?').waitFor();

      const after = await state();
      expect(after.lazy.billed - before.lazy.billed).toBe(1);
      expect(after.lazy.ledger - before.lazy.ledger).toBe(1);
      expect(sockets).toHaveLength(2);
      await page.locator('#lazy-ledger', { hasText: String(after.lazy.ledger) }).waitFor();
      if (KEPT) await page.screenshot({ path: `${KEPT}/demo.png`, fullPage: true });
      expect(problems).toEqual([]);
      await page.context().close();
    },
    DEADLINE_MS,
  );

  test.each(['light', 'dark'] as const)(
    'can be read by everybody, %s, and on a small screen',
    async (colorScheme) => {
      // Axe is put in from outside, which the policy of the pages forbids as it should.
      const { page, problems } = await openDemo({ colorScheme, bypassCSP: true });
      await page.addScriptTag({ path: AXE });
      const faults = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string }[] }> };
        };
        return (await axe.run()).violations.map(({ id }) => id);
      });
      expect(faults).toEqual([]);
      await page.setViewportSize({ width: 320, height: 700 });
      await page.waitForFunction('innerWidth === 320');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
      expect(await figure(page, 'eager-usd')).toMatch(/^\$\d/);
      expect(problems).toEqual([]);
      await page.context().close();
    },
    DEADLINE_MS,
  );

  test(
    'is nowhere but in demo mode',
    async () => {
      const issuer = { AUTH_ISSUER: 'https://login.example', AUTH_AUDIENCE: 'shop' };
      const configured = await startGateway({ env: configuredEnv(issuer) });
      const paths = ['/demo', '/demo/state', '/demo/files/demo.js', '/demo/shops/eager/visitor'];
      const answers = await Promise.all(paths.map((path) => fetch(configured.url + path)));
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
      await configured.stop();
    },
    DEADLINE_MS,
  );
});
