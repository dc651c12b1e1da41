import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { BearerSource } from '../../src/auth/options.ts';
import type { TokenAnswer } from '../../src/contract.ts';
import { type Month, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { prepareLedger } from '../../src/prepare-ledger.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { type Gateway, wire } from '../../src/wire.ts';
import { loaded, MINIMAL } from '../config/support.ts';
import { type SettableClock, settableClock } from '../support/clock.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { askForToken, expectProblem } from './answers.ts';

// A gateway with a journal, while its Redis is paused, killed, or swallowed by the network, in the middle of its work.

const NOVEMBER = parseMonth('2026-11') as Month;
const KNOWN = Array.from({ length: 12 }, (_, number) => `known-${number}`);
/** Without load nobody waits for longer than the ledger's deadline and the disk; test machines are busy. */
const PATIENCE_MS = 3_000;
const HALF_A_LIFE_MS = 31 * 60_000;

let folder: string;
let redis: RedisServer;
let proxy: TcpProxy;
let gateway: Gateway;
let clock: SettableClock;
let url: string;
let lines: Record<string, unknown>[];

/** Everybody is let in by name; a login of an issuer would be judged by the true time. */
const people = new Map<string, ReturnType<BearerSource>>();
const byName: BearerSource = (name) => {
  const caller = people.get(name) ?? {
    ...{ issuer: 'outage', subject: name, className: 'member', tenant: null, display: null, via: 'bearer' },
  };
  people.set(name, caller);
  return caller;
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-outage-'));
  redis = await startRedisServer({ appendfsyncAlways: true, dir: folder });
  proxy = await startTcpProxy(redis.port);
  lines = [];
  clock = settableClock(Date.parse('2026-11-20T09:00:00Z'));
  await start({ MAU_BUDGET_IDENTITIES: '20', MAU_BUDGET_MODE: 'block' });
});
afterEach(async () => {
  redis.resume();
  proxy.passOn();
  await gateway.server.drain();
  await proxy.stop();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(env: Record<string, string> = {}): Promise<void> {
  const { settings } = loaded({
    env: {
      ...{ ...MINIMAL, REDIS_URL: `redis://127.0.0.1:${proxy.port}`, JOURNAL_PATH: join(folder, 'journal') },
      ...env,
    },
    // So that a dozen newcomers at once, each synced to the disk, are in time on a busy machine.
    yaml: 'limits: { tokenRequestsPerMinute: 6000 }\nledger: { deadlineMs: 1000 }\n',
  });
  const log = await createLogger({
    ...{ level: 'info', format: 'json', clock },
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  gateway = wire({ settings, clock, log, version: '1.2.3', bearerSources: [byName] });
  expect(await prepareLedger(gateway, settings, { clock, acceptNewIdentities: false })).toEqual([]);
  await gateway.server.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(gateway.server.http.address() as { port: number }).port}`;
}

async function ask(name: string): Promise<{ response: Response; ms: number }> {
  const startedAt = performance.now();
  const response = await askForToken(url, name);
  const ms = performance.now() - startedAt;
  expect(ms).toBeLessThan(PATIENCE_MS);
  return { response, ms };
}

/** Everybody who is known, at once; all of them must be served. */
async function serveKnown(): Promise<TokenAnswer[]> {
  const answers = await Promise.all(KNOWN.map(ask));
  const slowest = Math.max(...answers.map(({ ms }) => ms));
  process.stdout.write(`    known people: the slowest was served after ${Math.round(slowest)} ms\n`);
  return Promise.all(
    answers.map(async ({ response }) => {
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
      return JSON.parse(text) as TokenAnswer;
    }),
  );
}

async function expectStrangersRefused(): Promise<void> {
  for (const name of ['stranger-1', 'stranger-2']) {
    await expectProblem((await ask(name)).response, 'ledger-unavailable');
  }
}

async function sendBeacon(token: string): Promise<number> {
  const response = await fetch(`${url}/v1/beacons`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, state: 'connected' }),
  });
  return response.status;
}

async function untilReplayed(): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  while (!lines.some(({ event }) => event === 'journal.replayed')) {
    if (performance.now() > giveUpAt) throw new Error('the journal is not replayed');
    await sleep(50);
  }
  await sleep(100);
}

/** Newcomers wait a little when another server answers than before: it may have lost data. */
async function untilServed(name: string): Promise<TokenAnswer> {
  const giveUpAt = performance.now() + 20_000;
  for (;;) {
    const { response } = await ask(name);
    if (response.status === 200) return (await response.json()) as TokenAnswer;
    if (performance.now() > giveUpAt) throw new Error(await response.text());
    await sleep(100);
  }
}

const eventsOf = (prefix: string) => lines.filter(({ event }) => String(event).startsWith(prefix));

interface Trouble {
  begin(): void;
  end(): Promise<void>;
}

const TROUBLES: [string, () => Trouble][] = [
  ['paused', () => ({ begin: () => redis.pause(), end: async () => redis.resume() })],
  ['swallowed by the network', () => ({ begin: () => proxy.swallow(), end: async () => proxy.passOn() })],
  [
    'killed, and started again from its own log',
    () => ({
      begin: () => redis.kill(),
      async end() {
        redis = await startRedisServer({ appendfsyncAlways: true, dir: folder, port: redis.port });
      },
    }),
  ],
];

describe.each(TROUBLES)('while Redis is %s', (_name, trouble) => {
  test('known people are served, strangers are not, and afterwards the ledger has it all, once', async () => {
    const { begin, end } = trouble();
    const tokens = await serveKnown();
    expect(tokens.every(({ firstThisMonth }) => firstThisMonth)).toBe(true);

    begin();
    expect(await serveKnown()).toEqual(
      tokens.map(({ token }) => expect.objectContaining({ token, outcome: 'reused', firstThisMonth: false })),
    );
    // Who is sent into the silence may be counted later, though without a token; so strangers come when nobody is sent.
    let more = 0;
    while (eventsOf('ledger.outage').length + eventsOf('ledger.lost').length === 0) {
      expect((await ask(KNOWN[0]!)).response.status).toBe(200);
      more += 1;
    }
    await expectStrangersRefused();
    clock.advance(HALF_A_LIFE_MS);
    const second = await serveKnown();
    expect(second.every(({ outcome, firstThisMonth }) => outcome === 'minted' && !firstThisMonth)).toBe(true);
    expect((await serveKnown()).map(({ token }) => token)).toEqual(second.map(({ token }) => token));
    clock.advance(HALF_A_LIFE_MS);
    const third = await serveKnown();
    expect(await sendBeacon(third[0]!.token)).toBe(204);
    await expectStrangersRefused();
    const ready = await fetch(`${url}/readyz?verbose`);
    expect({ status: ready.status, text: await ready.text() }).toMatchObject({
      ...{ status: 200, text: expect.stringContaining('[!]ledger away, known people are served') },
    });

    await end();
    await untilReplayed();
    const given = [...tokens, ...second, ...third];
    const page = { after: null, limit: 1_000 };
    const mints = (await gateway.ledger.mints(DEFAULT_SERVICE, NOVEMBER, page)).items;
    const rowOf = ({
      identity,
      issuedAt,
      expiresAt,
    }: {
      identity: string;
      issuedAt: number;
      expiresAt: number;
    }) => `${identity} ${issuedAt} ${expiresAt}`;
    const claims = given.map(({ token, identity }) => {
      const { iat = 0, exp = 0 } = decodeJwt(token);
      return { identity, issuedAt: iat, expiresAt: exp };
    });
    expect(mints.map(rowOf).sort()).toEqual(claims.map(rowOf).sort());
    expect(new Set(given.map(({ token }) => decodeJwt(token).jti)).size).toBe(given.length);
    const totals = await gateway.ledger.totals(DEFAULT_SERVICE, NOVEMBER);
    expect(totals).toMatchObject({ all: KNOWN.length, minted: given.length });
    const found = (await gateway.ledger.identities(DEFAULT_SERVICE, NOVEMBER, page)).items;
    expect(found.every((person) => person.mints === 3)).toBe(true);
    expect(found.filter(({ signals }) => signals.some(({ signal }) => signal === 'connected'))).toHaveLength(
      1,
    );

    expect(await untilServed('stranger-1')).toMatchObject({ outcome: 'minted', firstThisMonth: true });
    const served = eventsOf('token.').filter(({ withoutLedger }) => withoutLedger);
    expect(served.length).toBe(4 * KNOWN.length + more);
    expect(eventsOf('ledger.outage').length).toBe(eventsOf('ledger.back').length);
  }, 60_000);
});

test('nobody is served over the end of the month whom the next month does not know', async () => {
  clock.set(Date.parse('2026-11-30T23:50:00Z'));
  await serveKnown();
  redis.pause();
  clock.set(Date.parse('2026-12-01T00:00:10Z'));
  for (const name of KNOWN.slice(0, 2)) {
    await expectProblem((await ask(name)).response, 'ledger-unavailable');
  }
});
