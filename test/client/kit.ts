import {
  type ChatGate,
  type ChatGateError,
  type ChatGateOptions,
  createChatGate,
} from '../../src/client/index.ts';
import {
  createFakeBrowser,
  createFakeSdk,
  createFakeTokenSource,
  type FakeBrowser,
  type FakeClient,
  type FakeClock,
  type FakeSdk,
  type FakeTokenSource,
  installFakeClock,
} from '../../src/client/testing/index.ts';
import { watchPage } from '../../src/client/watch-page.ts';

/** 2026-11-20T21:00:00.000Z */
export const NOW_MS = Date.UTC(2026, 10, 20, 21);
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** A gate among fakes, on a clock that stands still. */
export interface Kit {
  gate: ChatGate<FakeClient>;
  source: FakeTokenSource;
  sdk: FakeSdk;
  browser: FakeBrowser;
  clock: FakeClock;
  /** Connects, and lets the clock run for so long as it takes. */
  connect(): Promise<FakeClient>;
  /** The error that `connect()` fails with. */
  failure(): Promise<ChatGateError>;
}

export function createKit(options: Partial<ChatGateOptions<FakeClient>> & { startMs?: number } = {}): Kit {
  const { startMs = NOW_MS, presence, ...rest } = options;
  const clock = installFakeClock(startMs);
  const source = createFakeTokenSource();
  const sdk = createFakeSdk();
  const browser = createFakeBrowser();
  const gate = createChatGate<FakeClient>({
    ...{ tokenSource: source, loadSdk: sdk.load, page: watchPage(presence, browser) },
    ...rest,
  });
  const connecting = async <T>(work: Promise<T>) => {
    const settled = work.then(
      (value) => ({ value, error: undefined }),
      (error: ChatGateError) => ({ value: undefined, error }),
    );
    let done = false;
    void settled.then(() => {
      done = true;
    });
    for (let step = 0; step < 400 && !done; step++) await clock.advance(1_000 * Math.min(1, step));
    return settled;
  };
  return {
    ...{ gate, source, sdk, browser, clock },
    async connect() {
      const { value, error } = await connecting(gate.connect());
      if (error) throw error;
      return value as FakeClient;
    },
    async failure() {
      const { value, error } = await connecting(gate.connect());
      if (value) throw new Error('it did connect');
      return error as ChatGateError;
    },
  };
}
