import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Month, monthOf } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { OperatorRole } from '../../src/ops/operator.ts';
import { budgetOf } from '../ledger/contract/builders.ts';
import { fillMonths } from './fill-months.ts';
import { createOperatorApp, type OperatorApp, type OperatorAppOptions } from './operator-app.ts';

/** A running dashboard in this process, over a real embedded ledger, and what a test may do to it. */
export interface Dashboard {
  url: string;
  gateway: OperatorApp;
  /** From now on, and until told otherwise, the ledger does not answer. */
  setAway(away: boolean): void;
  setBudget(limit: number, mode: 'warn' | 'block'): Promise<void>;
  /** A browser of its own that is signed in. */
  open(
    browser: Browser,
    role: OperatorRole | null,
    options?: Parameters<Browser['newContext']>[0],
  ): Promise<BrowserContext>;
  stop(): Promise<void>;
}

export interface DashboardOptions extends OperatorAppOptions {
  /** The clock, ISO-8601; default the 20th of a November, in the evening. */
  at?: string;
  /** Whether two lively months are there. Default true. */
  filled?: boolean;
}

export async function startDashboard(options: DashboardOptions = {}): Promise<Dashboard> {
  let away = false;
  const gateway: OperatorApp = createOperatorApp({
    ...options,
    // The store's own clock is that of the machine.
    ledger: { ping: async () => gateway.clock.now() + 3, ...options.ledger },
    spoil: () => away,
  });
  if (options.at !== undefined) gateway.clock.set(Date.parse(options.at));
  if (options.filled !== false) await fillMonths(gateway.ledger);
  const server = gateway.app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    gateway,
    setAway(value) {
      away = value;
    },
    async setBudget(limit, mode) {
      const month: Month = monthOf(gateway.clock.now());
      const budget = budgetOf({ scopes: { all: limit }, mode, thresholds: [50, 80, 90, 100] });
      await gateway.ledger.configureBudget(DEFAULT_SERVICE, month, budget);
    },
    async open(browser, role, contextOptions) {
      const context = await browser.newContext({ baseURL: url, ...contextOptions });
      if (role !== null) {
        const operator = { name: `the ${role}`, role };
        const value = gateway.sessions.seal(operator, 'key', gateway.clock.now());
        await context.addCookies([{ name: 'mg_ops', value, url, httpOnly: true, sameSite: 'Strict' }]);
      }
      return context;
    },
    async stop() {
      gateway.endStreams();
      server.close();
      server.closeAllConnections();
      await gateway.ledger.close();
    },
  };
}

/** Resolves when nothing on the page loads any more and its scripts have run. */
export async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('load');
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
}
