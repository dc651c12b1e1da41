import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { untilYes } from '../support/ask-redis.ts';
import { startChromium } from '../support/chromium.ts';
import { openShop, type Shop, type ShopOptions } from './shop.ts';
import type { OpenOptions, PageShop } from './shop-app.ts';

// Real tabs of a real Chromium, the real SDK, a real gateway; only Twilio is a fake.

jest.setTimeout(300_000);

declare const shop: PageShop;

interface Navigated {
  navigator: {
    locks: {
      request(name: string, held: () => Promise<void>): Promise<void>;
      query(): Promise<{ held: { name: string }[] }>;
    };
  };
}

let browser: Browser;
let context: BrowserContext;
let running: Shop;

beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  await context.close();
  await running.close();
});

async function open(options: ShopOptions & { before?: string } = {}): Promise<Shop> {
  running = await openShop(options);
  context = await browser.newContext();
  if (options.before !== undefined) await context.addInitScript(options.before);
  return running;
}

async function tab(path = '/'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(running.url + path);
  await page.waitForFunction('window.shop !== undefined || window.app !== undefined');
  return page;
}

/** Opens the chat of a person; answers the phase it ends in, and the code of the error if there is one. */
function openChat(page: Page, person: string, options: OpenOptions = {}) {
  return page.evaluate(
    async ([who, opts]) => {
      const gate = shop.gate ?? shop.open(who, opts);
      const error = await gate.connect().then(
        () => null,
        ({ code, docs }) => ({ code, docs }),
      );
      const { phase, identity } = gate.getSnapshot();
      return { phase, identity, error };
    },
    [person, { twilsock: running.twilsock.url, ...options }] as const,
  );
}

const minted = () => running.tokenEvents.filter((event) => event === 'token.minted').length;
const asked = () => running.requests.filter((path) => path === 'POST /v1/tokens').length;

describe.each(['v2', 'v3'] as const)('SDK %s', (sdk) => {
  it('connects at a click, tells the gateway, and lets go', async () => {
    const { twilsock, requests, gateway } = await open();
    const page = await tab();
    await page.evaluate(() => shop.open('ada').getSnapshot());
    await page.evaluate(() => {
      delete shop.gate;
    });
    expect([twilsock.opened(), asked()]).toEqual([0, 0]);

    const { phase, identity, error } = await openChat(page, 'ada', { sdk });
    expect([phase, error, twilsock.open()]).toEqual(['ready', null, 1]);
    expect(running.billed()).toEqual(new Set([identity]));
    await untilYes('the gateway is told', async () => requests.includes('POST /v1/beacons'));

    await page.evaluate(() => shop.gate?.disconnect());
    await untilYes('the socket is closed', async () => twilsock.open() === 0);
    expect([twilsock.opened(), minted()]).toEqual([1, 1]);
    void gateway;
  });
});

describe('eight tabs of one person, opened at once', () => {
  const openEight = async (before?: string, options: OpenOptions = {}) => {
    await open(before === undefined ? {} : { before });
    const pages = await Promise.all(Array.from({ length: 8 }, () => tab()));
    const results = await Promise.all(pages.map((page) => openChat(page, 'ada', options)));
    return { pages, phases: results.map(({ phase }) => phase) };
  };
  const ALL_READY = Array(8).fill('ready');

  it('make one request, one mint and one identity', async () => {
    // However long a busy machine takes for the first answer, and for those of other tabs.
    const patient = `const { setTimeout: later } = window;
      window.setTimeout = (run, ms, ...rest) => later(run, ms === 80 ? 3_000 : ms, ...rest);`;
    const { phases } = await openEight(`{ ${patient} }`, { lockTimeoutMs: 30_000 });
    expect(phases).toEqual(ALL_READY);
    expect([asked(), minted(), running.billed().size]).toEqual([1, 1, 1]);
  });

  it('all connect without Web Locks, and still mint once', async () => {
    const { phases } = await openEight(
      'Object.defineProperty(Navigator.prototype, "locks", { value: undefined })',
    );
    expect(phases).toEqual(ALL_READY);
    expect([minted(), running.billed().size]).toEqual([1, 1]);
  });

  it('all connect without BroadcastChannel, and still mint once', async () => {
    const { phases } = await openEight('delete window.BroadcastChannel');
    expect(phases).toEqual(ALL_READY);
    expect([minted(), running.billed().size]).toEqual([1, 1]);
  });

  it('all connect beside a tab that holds the lock for ever', async () => {
    await open();
    const holder = await tab();
    const lock = await holder.evaluate(async () => {
      const { locks } = (globalThis as unknown as Navigated).navigator;
      const name = 'mau-guard /v1/tokens  ada';
      await new Promise<void>((granted) => {
        void locks.request(name, () => {
          granted();
          return new Promise(() => {});
        });
      });
      return name;
    });
    const pages = await Promise.all(Array.from({ length: 8 }, () => tab()));
    const results = await Promise.all(pages.map((page) => openChat(page, 'ada', { lockTimeoutMs: 300 })));
    expect(results.map(({ phase }) => phase)).toEqual(ALL_READY);
    const held = await holder.evaluate(async () => {
      const { locks } = (globalThis as unknown as Navigated).navigator;
      return (await locks.query()).held.map(({ name }) => name);
    });
    expect(held).toEqual([lock]);
    expect([minted(), running.billed().size]).toEqual([1, 1]);
  });

  it('share nothing with the tab of somebody else', async () => {
    await open();
    const [one, two] = await Promise.all([tab(), tab()]);
    const [ada, grace] = await Promise.all([openChat(one, 'ada'), openChat(two, 'grace')]);
    expect(ada.identity).not.toBe(grace.identity);
    expect([minted(), running.billed().size]).toEqual([2, 2]);
  });
});

describe('page views', () => {
  it('bill nobody: of 1,000 people who look, the 20 who open the chat', async () => {
    const { billed, twilsock } = await open();
    const page = await tab();
    const phases: string[] = [];
    // A document each, fifty at a time; in every fifty one person opens the chat.
    for (let first = 0; first < 1_000; first += 50) {
      phases.push(await page.evaluate(viewFifty, [first, running.twilsock.url] as const));
    }
    expect(new Set(phases)).toEqual(new Set(['ready']));
    expect([asked(), billed().size, twilsock.opened()]).toEqual([20, 20, 20]);
  });
});

/** Runs in the browser. */
async function viewFifty([first, twilsock]: readonly [number, string]): Promise<string> {
  interface View {
    src: string;
    onload: () => void;
    contentWindow: { shop: PageShop };
    remove(): void;
  }
  const { document } = globalThis as unknown as {
    document: { createElement(tag: 'iframe'): View; body: { append(view: View): void } };
  };
  const views = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const view = document.createElement('iframe');
      view.src = `/?person=${first + index}`;
      const loaded = new Promise<void>((resolve) => {
        view.onload = resolve;
      });
      document.body.append(view);
      await loaded;
      view.contentWindow.shop.open(`person${first + index}`, { twilsock });
      return view;
    }),
  );
  const gate = views[7]?.contentWindow.shop.gate;
  await gate?.connect();
  const phase = gate?.getSnapshot().phase ?? 'no gate';
  await gate?.disconnect();
  for (const view of views) view.remove();
  return phase;
}

describe('a person who is refused', () => {
  it('makes exactly one token request, however often the chat is opened', async () => {
    await open({ env: { MAU_BUDGET_IDENTITIES: '1', MAU_BUDGET_MODE: 'block' } });
    const first = await tab();
    await openChat(first, 'ada');
    const page = await tab();
    for (let times = 0; times < 4; times++) {
      expect(await openChat(page, 'grace')).toMatchObject({
        phase: 'blocked',
        error: { code: 'budget_exhausted', docs: `${running.url}/problems/mau-budget-exhausted` },
      });
    }
    await page.evaluate(() => shop.gate?.disconnect());
    expect((await openChat(page, 'grace')).phase).toBe('blocked');
    expect([asked(), running.twilsock.opened()]).toEqual([2, 1]);
  });
});

describe('a guest', () => {
  const yaml = 'guests: { policy: per-browser }';

  it.each(['cookie', 'credential'] as const)('by %s is the same in the next visit', async (want) => {
    await open({ yaml });
    const token = (page: Page) =>
      page.evaluate(async (how) => (await shop.openAsGuest(how).getToken()).identity, want);
    const first = await token(await tab());
    expect(first).toMatch(/^g_/);
    expect(await token(await tab())).toBe(first);
    expect(running.requests.filter((path) => path === 'POST /v1/guests')).toHaveLength(2);
  });

  it('is made by nobody who only looks', async () => {
    await open({ yaml });
    const page = await tab();
    await page.evaluate(() => shop.openAsGuest().getSnapshot());
    expect(running.requests).toEqual([]);
  });

  it('goes on as the member who signs in', async () => {
    await open({ yaml });
    const page = await tab();
    const told = await page.evaluate(async () => {
      const gate = shop.openAsGuest();
      const before = (await gate.getToken()).identity;
      const link = await shop.guests?.link({ Authorization: 'Bearer login-of-ada' });
      await gate.switchUser();
      const after = (await shop.open('ada').getToken()).identity;
      return { before, link, after };
    });
    expect(told.link?.outcome).toBe('adopted');
    expect(told.after).toBe(told.before);
  });

  it('is not made where nothing can be kept: every visit would be billed anew', async () => {
    await open({
      yaml,
      before: 'Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied") } })',
    });
    const page = await tab();
    const error = await page.evaluate(() =>
      shop
        .openAsGuest('credential')
        .getToken()
        .then(
          () => null,
          ({ code, docs }) => ({ code, docs }),
        ),
    );
    expect(error).toMatchObject({
      code: 'storage_denied',
      docs: expect.stringMatching(/client\.md#storage_denied$/),
    });
    expect(running.requests).toEqual([]);
  });
});

describe('bad surroundings', () => {
  it('a policy that stops the socket is told as that', async () => {
    await open({ csp: "default-src 'self'" });
    const page = await tab();
    expect(await openChat(page, 'ada')).toMatchObject({ phase: 'failed', error: { code: 'csp_blocked' } });
    expect(running.twilsock.opened()).toBe(0);
  });

  it('a policy that only reports stops nothing', async () => {
    await open({ reportOnly: "default-src 'self'" });
    const page = await tab();
    expect(await openChat(page, 'ada')).toMatchObject({ phase: 'ready', error: null });
  });

  it('a Twilio that refuses says why, and is asked once', async () => {
    await open({ env: { TWILIO_API_KEY_SECRET: 'another-secret-than-Twilio-has' } });
    const page = await tab();
    const told = await openChat(page, 'ada');
    expect(told).toMatchObject({ phase: 'failed', error: { code: 'twilio_denied' } });
    expect([running.twilsock.opened(), asked()]).toEqual([1, 1]);
  });

  it('a page in the browser’s history holds no socket', async () => {
    const { twilsock } = await open();
    const page = await tab();
    await openChat(page, 'ada');
    expect(twilsock.open()).toBe(1);
    await page.goto(`${running.url}/elsewhere`);
    await untilYes('the socket is closed', async () => twilsock.open() === 0);
  });
});

describe('React, in strict mode', () => {
  interface Report {
    phase: string;
    renders: number;
    withClient: number;
    requests: number;
    clients: number;
    alive: number;
  }
  const report = (page: Page): Promise<Report> => page.evaluate('app.report()');

  it('connects when the chat opens, once, and lets go when it closes', async () => {
    await open();
    const page = await tab('/react');
    await page.waitForSelector('#toggle');
    expect(await report(page)).toMatchObject({ phase: 'idle', requests: 0, clients: 0 });
    expect(await page.textContent('#unread')).toBe('null');

    await page.click('#toggle');
    await page.waitForFunction('document.querySelector("#chat")?.textContent === "ready with a client"');
    expect(await report(page)).toMatchObject({ phase: 'ready', requests: 1, clients: 1, alive: 1 });

    for (let round = 1; round < 5; round++) {
      await page.evaluate(`app.render(${round})`);
      // The chat of the round before says the same.
      await page.locator(`[data-round="${round}"] #chat:text-is("ready with a client")`).first().waitFor();
    }
    expect(await report(page)).toMatchObject({ phase: 'ready', requests: 1, clients: 1, alive: 1 });

    await page.click('#toggle');
    await page.waitForFunction('app.report().alive === 0');
    await page.locator('#phase:text-is("idle")').waitFor();

    await page.click('#toggle');
    await page.waitForFunction('app.report().alive === 1');
    await page.evaluate('app.unmount()');
    await page.waitForFunction('app.report().alive === 0 && app.report().phase === "idle"');
    expect(await report(page)).toMatchObject({ clients: 2 });
  });
});
