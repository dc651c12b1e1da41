import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { systemClock } from '../../../src/system-clock.ts';
import { startChromium } from '../../support/chromium.ts';
import { type FakeAccountSocket, signToken, startAccount } from './support/fake-account.ts';
import { until } from './support/sdk.ts';

const SDKS = [
  { version: '3.0.1', file: '@twilio/conversations/builds/twilio-conversations.min.js' },
  { version: '2.7.0', file: 'twilio-conversations-v2/builds/twilio-conversations.min.js' },
];

let browser: Browser;
let pages: Server;
let origin: string;
let account: FakeAccountSocket;

beforeAll(async () => {
  browser = await startChromium();
  pages = createServer(({ url = '/' }, response) => {
    const sdk = SDKS.find(({ version }) => url === `/${version}.js`);
    const type = sdk === undefined ? 'text/html' : 'text/javascript';
    response.writeHead(200, { 'content-type': type });
    if (sdk === undefined) return void response.end('<!doctype html><title>shop</title>');
    response.end(readFileSync(`node_modules/${sdk.file}`));
  });
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
}, 60_000);

afterAll(async () => {
  await browser?.close();
  pages?.closeAllConnections();
  await new Promise((resolve) => pages?.close(resolve));
});

beforeEach(async () => {
  account = await startAccount(systemClock);
});
afterEach(() => account.twilsock.close());

describe.each(SDKS)('@twilio/conversations $version in Chromium', ({ version }) => {
  /** A page that has loaded the SDK, and what the browser opened from it. */
  async function openPage() {
    const page = await (await browser.newContext()).newPage();
    const sockets: string[] = [];
    page.on('websocket', (socket) => sockets.push(socket.url()));
    await page.goto(origin);
    await page.addScriptTag({ url: `/${version}.js` });
    return { page, sockets };
  }

  const connect = (options: { token: string; uri: string }) => {
    const { Client } = (globalThis as never as { Twilio: { Conversations: { Client: BrowserClient } } })
      .Twilio.Conversations;
    return new Promise<unknown>((resolve) => {
      const client = new Client(options.token, { Twilsock: { uri: options.uri } });
      client.on('initialized', async () => {
        const { items } = await client.getSubscribedConversations();
        resolve({ identity: client.user.identity, conversations: items.map((one) => one.friendlyName) });
      });
      client.on('connectionError', (error) => resolve(error));
    });
  };

  it('opens no socket while it is only loaded', async () => {
    const { page, sockets } = await openPage();
    await page.waitForTimeout(300);
    expect(sockets).toEqual([]);
    await page.context().close();
    expect(account.model.activities).toEqual([]);
  });

  it('opens one socket when a client is made, and finds its conversations', async () => {
    const { model, twilsock } = account;
    const { sid } = model.createConversation({ friendlyName: 'Order 17' });
    model.addParticipant(sid, { identity: 'ada' }, { source: 'API' });
    const { page, sockets } = await openPage();
    const told = await page.evaluate(connect, { token: signToken({ identity: 'ada' }), uri: twilsock.url });

    expect(told).toEqual({ identity: 'ada', conversations: ['Order 17'] });
    expect(sockets).toEqual([twilsock.url]);
    expect(model.activities).toContainEqual(expect.objectContaining({ who: 'ada', deed: 'connected' }));
    await page.context().close();
    await until(() => twilsock.open() === 0);
  });

  it('is denied with a token of another key', async () => {
    const { page } = await openPage();
    const token = signToken({ secret: 'not the secret' });
    const told = await page.evaluate(connect, { token, uri: account.twilsock.url });
    expect(told).toMatchObject({ terminal: true, httpStatusCode: 401, errorCode: 20107 });
    await page.context().close();
  });
});

/** What the pages above use of the SDK, inside the browser. */
interface BrowserClient {
  new (
    token: string,
    options: object,
  ): {
    user: { identity: string };
    on(event: string, listener: (value: unknown) => void): void;
    getSubscribedConversations(): Promise<{ items: { friendlyName: string }[] }>;
  };
}
