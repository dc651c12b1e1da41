import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { type CrossTabOptions, shareAmongTabs, type TokenContext } from '../../src/client/index.ts';
import { createFakeTokenSource, type FakeTokenSource } from '../../src/client/testing/index.ts';

const context: TokenContext = {
  ...{ reason: 'connect', intent: 'open_chat', tabState: 'focused' },
  signal: new AbortController().signal,
};

const tabs: { forget?(): void }[] = [];
beforeEach(() => {
  // The other tabs have 80 ms to answer, in which a busy machine may not come to it.
  const later = globalThis.setTimeout;
  const patient = (run: (given: unknown) => void, ms: number, given: unknown) =>
    later(run, ms === 80 ? 1_000 : ms, given).unref();
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(patient as typeof setTimeout);
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const tab of tabs.splice(0)) tab.forget?.();
});

function openTab(source: FakeTokenSource, options: CrossTabOptions = {}) {
  const tab = shareAmongTabs(source, () => 'ada', { channel: 'a test of tabs', ...options });
  tabs.push(tab);
  return tab;
}

it('a token is known to the other tabs as soon as it is there, also when its own is gone since', async () => {
  const closings: (() => void)[] = [];
  const page = globalThis as { addEventListener?: (type: 'pagehide', close: () => void) => void };
  page.addEventListener = (_type, close) => closings.push(close);
  try {
    const source = createFakeTokenSource();
    const [one, two] = [openTab(source), openTab(source)];
    const first = await one.fetch(context);
    await two.fetch(context);
    const next = await one.fetch({ ...context, not: first.token });
    await new Promise((resolve) => setTimeout(resolve, 50));
    closings[0]?.();
    expect(await two.fetch({ ...context, not: first.token })).toMatchObject({
      token: next.token,
      fromTab: true,
    });
    expect(source.requests.length).toBe(2);
  } finally {
    delete page.addEventListener;
  }
});

it('a token that Twilio refuses is handed out by no tab any more', async () => {
  const source = createFakeTokenSource();
  const [one, two, three] = [openTab(source), openTab(source), openTab(source)];
  const { token } = await one.fetch(context);
  expect((await two.fetch(context)).token).toBe(token);
  two.deny?.(token);
  const next = await three.fetch(context);
  expect([next.token === token, source.requests.length]).toEqual([false, 2]);
  // Word of the old one comes late: the new one is handed out all the same.
  two.deny?.(token);
  expect((await two.fetch(context)).token).toBe(next.token);
});

it('a tab that is to wait for no other does not wait for a lock that is never given', async () => {
  const navigator = { locks: { request: () => new Promise(() => {}) } };
  const own = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: navigator });
  try {
    const source = createFakeTokenSource();
    expect((await openTab(source, { lockTimeoutMs: 0 }).fetch(context)).token).toBeTruthy();
  } finally {
    Object.defineProperty(globalThis, 'navigator', own ?? { configurable: true, value: undefined });
  }
});
