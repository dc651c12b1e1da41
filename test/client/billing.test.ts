import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client } from '@twilio/conversations';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { monthOf } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { budgetOf } from '../ledger/contract/builders.ts';
import { untilYes } from '../support/ask-redis.ts';
import { startChromium } from '../support/chromium.ts';
import { openShop, type Shop, type ShopOptions } from './shop.ts';
import type { PageShop } from './shop-app.ts';

// What a page saves, against what a page costs that does not wait: the real SDK, a real gateway, a fake Twilio that
// counts. That waiting bills 20 of 1,000, and that eight tabs mint once, stands in browser.test.ts.

jest.setTimeout(300_000);

declare const shop: PageShop;

let browser: Browser;
let context: BrowserContext;
let running: Shop;

beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  await context?.close();
  await running.close();
});

async function open(options: ShopOptions = {}): Promise<void> {
  running = await openShop(options);
  context = await browser.newContext();
}

async function tab(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(running.url);
  await page.waitForFunction('window.shop !== undefined');
  return page;
}

const asked = () => running.requests.filter((path) => path === 'POST /v1/tokens').length;

describe('a page that connects as soon as it is seen', () => {
  // In Node, where a view takes a hundredth of what it takes in a browser; the SDK and its socket are the same.
  it('bills everybody who looks: all of 1,000 people', async () => {
    await open();
    const people = Array.from({ length: 1_000 }, (_, index) => `person${index}`);
    const views = Array.from({ length: 40 }, async () => {
      for (let person = people.pop(); person !== undefined; person = people.pop()) await viewEagerly(person);
    });
    await Promise.all(views);
    expect([asked(), running.billed().size, running.twilsock.opened()]).toEqual([1_000, 1_000, 1_000]);
  });
});

async function viewEagerly(person: string): Promise<void> {
  const answer = await fetch(`${running.url}/v1/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer login-of-${person}` },
    body: JSON.stringify({ intent: 'open_chat' }),
  });
  const { token } = (await answer.json()) as { token: string };
  const client = new Client(token, { Twilsock: { uri: running.twilsock.url } } as never);
  await new Promise<void>((resolve, reject) => {
    client.on('initialized', () => resolve());
    client.on('initFailed', ({ error }) => reject(error));
  });
  await client.getSubscribedConversations();
  await client.shutdown();
}

describe('a chat that React mounts twice, in strict mode', () => {
  async function mount(kind: 'lazy' | 'eager'): Promise<void> {
    await open();
    const page = await tab();
    await page.addScriptTag({ type: 'module', content: await strictApp() });
    await page.waitForFunction('window.strict !== undefined');
    await page.evaluate(`strict.mount('${kind}', 'ada', '${running.twilsock.url}')`);
    // Not `disconnected`, which ends the same.
    await page.waitForFunction('/(^| )connected$/.test(document.querySelector("#state")?.textContent)');
  }

  it('opens one socket', async () => {
    await mount('lazy');
    // What was mounted first would be there by now.
    await sleep(500);
    expect([running.twilsock.opened(), running.twilsock.open(), asked()]).toEqual([1, 1, 1]);
  });

  it('opens two where each mount makes its own', async () => {
    await mount('eager');
    await untilYes('both are open', async () => running.twilsock.open() === 2);
    expect([running.twilsock.opened(), running.twilsock.open(), asked()]).toEqual([2, 2, 2]);
  });
});

async function strictApp(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'shop-strict.ts')],
    ...{ bundle: true, write: false, format: 'esm', platform: 'browser', target: 'es2022' },
    external: ['/sdk-*'],
    alias: { '@twilio/conversations': '/sdk-v3.js' },
    define: { 'process.env.NODE_ENV': '"development"' },
  });
  return outputFiles[0]?.text ?? '';
}

describe('a person beyond the budget', () => {
  it('asks once until it starts anew, and then gets in', async () => {
    await open({ env: { MAU_BUDGET_IDENTITIES: '1', MAU_BUDGET_MODE: 'block' } });
    expect(await openChat(await tab(), 'ada')).toMatchObject({ phase: 'ready' });

    const page = await tab();
    await page.clock.install();
    const { phase, resetsAt = 0 } = await openChat(page, 'grace');
    expect([phase, asked()]).toEqual(['blocked', 2]);
    expect(new Date(resetsAt).getUTCDate()).toBe(1);
    for (const atMs of [resetsAt - 7 * 86_400_000, resetsAt - 3_600_000, resetsAt - 2_000]) {
      if (atMs < Date.now()) continue;
      // Two seconds before the month's turn it stays, however long the page takes.
      await page.clock.setFixedTime(atMs);
      await page.evaluate('dispatchEvent(new Event("online")); dispatchEvent(new Event("focus"))');
      expect(await openChat(page, 'grace')).toMatchObject({ phase: 'blocked', resetsAt });
    }
    expect([asked(), running.twilsock.opened()]).toEqual([2, 1]);

    const { ledger } = running.gateway;
    await ledger.configureBudget(DEFAULT_SERVICE, monthOf(Date.now()), budgetOf({ scopes: { all: 2 } }));
    await page.clock.setFixedTime(resetsAt + 1_000);
    await page.waitForTimeout(300);
    // Nothing is asked until the chat is opened again.
    expect(asked()).toBe(2);
    expect(await openChat(page, 'grace')).toMatchObject({ phase: 'ready' });
    expect([asked(), running.billed().size, running.twilsock.opened()]).toEqual([3, 2, 2]);
  });
});

function openChat(page: Page, person: string) {
  return page.evaluate(
    async ([who, twilsock]) => {
      const gate = shop.gate ?? shop.open(who, { twilsock });
      await gate.connect().catch(() => {});
      const { phase, resetsAt } = gate.getSnapshot();
      return { phase, resetsAt };
    },
    [person, running.twilsock.url] as const,
  );
}
