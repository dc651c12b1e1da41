import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { decodeJwt } from 'jose';
import type { BearerSource } from '../../src/auth/options.ts';
import type { TokenAnswer } from '../../src/contract.ts';
import { type Month, monthEndSeconds, monthOf, nextMonth, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { prepareLedger } from '../../src/prepare-ledger.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { type Gateway, wire } from '../../src/wire.ts';
import { loaded, MINIMAL } from '../config/support.ts';
import { type SettableClock, settableClock } from '../support/clock.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { askForToken } from './answers.ts';

// Two gateways whose clocks disagree by two seconds, on one real Redis, while a month turns and people come and go.

const SKEW_MS = 1_000;
const STRANGERS = 6;

/** Steps of the true clock, ms around the turn; at -1001 and 999 one of the two stands at 23:59:59.999. */
const STEPS = [-900_000, -240_000, -66_500, -30_000, -1_001, -1_000, -1, 0, 1, 999, 1_000, 30_000, 90_000];

interface Clocked {
  gateway: Gateway;
  clock: SettableClock;
  url: string;
  offsetMs: number;
  /** From here to the month's end its tokens are in the next month too. */
  reachSeconds: number;
}

let redis: RedisServer;
let gateways: Clocked[];

beforeAll(async () => {
  redis = await startRedisServer({ appendfsyncAlways: true });
});
afterAll(() => redis.stop());

/** Everybody is let in by name; a login of an issuer would be judged by the true time. */
const people = new Map<string, ReturnType<BearerSource>>();
const byName: BearerSource = (name) => {
  const caller = people.get(name) ?? {
    ...{ issuer: 'turn', subject: name, className: 'member', tenant: null, display: null, via: 'bearer' },
  };
  people.set(name, caller);
  return caller;
};

async function startClocked(nowMs: number, offsetMs: number, ttlSeconds: number, limit: number) {
  const { settings } = loaded({
    env: {
      ...{ ...MINIMAL, REDIS_URL: redis.url, TOKEN_TTL_SECONDS: String(ttlSeconds) },
      ...{ MAU_BUDGET_IDENTITIES: String(limit), MAU_BUDGET_MODE: 'block' },
    },
    yaml: 'ledger: { deadlineMs: 10000 }\nlimits: { tokenRequestsPerMinute: 6000 }\n',
  });
  const clock = settableClock(nowMs + offsetMs);
  const log = await createLogger({
    ...{ level: 'error', format: 'json', clock },
    destination: { write: (line: string) => void process.stderr.write(line) },
  });
  const gateway = wire({ settings, clock, log, version: '1.2.3', bearerSources: [byName] });
  expect(await prepareLedger(gateway, settings, { clock, acceptNewIdentities: false })).toEqual([]);
  await gateway.server.listen(0, '127.0.0.1');
  const address = gateway.server.http.address() as { port: number };
  const url = `http://127.0.0.1:${address.port}`;
  return { gateway, clock, url, offsetMs, reachSeconds: Math.min(ttlSeconds, 300) + 5 };
}

async function identitiesOf(month: Month): Promise<Set<string>> {
  const { ledger } = gateways[0]!.gateway;
  const page = await ledger.identities(DEFAULT_SERVICE, month, { after: null, limit: 1000 });
  return new Set(page.items.map(({ identity }) => identity));
}

/** Months that a token asked for now has to be counted in. */
function monthsAsked({ clock, reachSeconds }: Clocked): Month[] {
  const now = clock.now();
  const [before, month] = [monthOf(now - 5_000), monthOf(now)];
  const reachesOver = monthEndSeconds(month) - Math.floor(now / 1000) < reachSeconds;
  return [...new Set([before, month, ...(reachesOver ? [nextMonth(month)] : [])])];
}

interface Received extends TokenAnswer {
  name: string;
}

interface Turn {
  received: Received[];
  refused: number;
  /** Each step's refusals of people who are in every month that their token needed. */
  wronged: string[];
}

/** Strangers and everybody who was there before ask both gateways at once, step by step. */
async function turn(old: Month): Promise<Turn> {
  const endMs = monthEndSeconds(old) * 1000;
  const result: Turn = { received: [], refused: 0, wronged: [] };
  const everybody: string[] = [];
  const identityOf = new Map<string, string>();
  for (const step of STEPS) {
    for (const { clock, offsetMs } of gateways) clock.set(endMs + step + offsetMs);
    for (let place = 0; place < STRANGERS; place++) everybody.push(`${old}:${step}:${place}`);
    const sets = new Map<Month, Set<string>>();
    for (const month of [old, nextMonth(old)]) sets.set(month, await identitiesOf(month));

    await Promise.all(
      everybody.flatMap((name) =>
        gateways.map(async (clocked) => {
          const needed = monthsAsked(clocked);
          const response = await askForToken(clocked.url, name);
          const body = await response.json();
          if (response.status === 200) {
            const answer = body as TokenAnswer;
            identityOf.set(name, answer.identity);
            result.received.push({ ...answer, name });
            return;
          }
          const problem = body as { code: string; resetsAt: string };
          expect(problem).toMatchObject({ code: 'mau-budget-exhausted' });
          result.refused += 1;
          const full = monthOf(Date.parse(problem.resetsAt) - 1);
          expect(needed).toContain(full);
          const identity = identityOf.get(name) ?? '';
          if (sets.get(full)?.has(identity) === true) result.wronged.push(`${name} at ${step} for ${full}`);
        }),
      ),
    );
  }
  return result;
}

/** Every month that a token may be used in, with the margin for clocks; it is good until `exp`, not at it. */
function monthsTouched({ token }: TokenAnswer): Month[] {
  const { iat = 0, exp = 0 } = decodeJwt(token);
  return [...new Set([monthOf((iat - 5) * 1000), monthOf((exp + 5) * 1000 - 1)])];
}

async function expectAccounted({ received }: Turn): Promise<void> {
  const unaccounted: string[] = [];
  const sets = new Map<Month, Set<string>>();
  for (const answer of received) {
    for (const month of monthsTouched(answer)) {
      if (!sets.has(month)) sets.set(month, await identitiesOf(month));
      if (sets.get(month)?.has(answer.identity) !== true) unaccounted.push(`${answer.name} in ${month}`);
    }
  }
  expect(unaccounted).toEqual([]);
}

describe.each(['2026-12', '2028-02'])('the turn of %s', (text) => {
  const old = parseMonth(text) as Month;
  const young = nextMonth(old);

  async function startBoth(limit: number): Promise<void> {
    const startMs = monthEndSeconds(old) * 1000 + STEPS[0]!;
    // Different lives of tokens, so that neither gives out the other's token again.
    gateways = [
      await startClocked(startMs, -SKEW_MS, 3_600, limit),
      await startClocked(startMs, SKEW_MS, 600, limit),
    ];
  }

  beforeEach(async () => {
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
  });

  async function end(): Promise<void> {
    await Promise.all(gateways.map(({ gateway }) => gateway.server.drain()));
  }

  test('nobody who is counted is refused, both budgets hold exactly, and every token is accounted for', async () => {
    await startBoth(20);
    try {
      const turned = await turn(old);
      expect(turned.wronged).toEqual([]);
      expect(turned.refused).toBeGreaterThan(0);
      await expectAccounted(turned);
      expect({ old: (await identitiesOf(old)).size, young: (await identitiesOf(young)).size }).toEqual({
        old: 20,
        young: 20,
      });
      const across = turned.received.filter((answer) => monthsTouched(answer).length === 2);
      expect(across.length).toBeGreaterThan(20);
    } finally {
      await end();
    }
  });

  test('a new month that is full before it begins cuts tokens off, and never lets one reach into it', async () => {
    await startBoth(40);
    try {
      const { ledger } = gateways[0]!.gateway;
      const { budget } = await ledger.limits(DEFAULT_SERVICE, old);
      await ledger.configureBudget(DEFAULT_SERVICE, young, { ...budget!, scopes: { all: 8 } });
      const turned = await turn(old);
      expect(turned.wronged).toEqual([]);
      await expectAccounted(turned);
      expect((await identitiesOf(young)).size).toBe(8);
      expect((await identitiesOf(old)).size).toBeLessThanOrEqual(40);

      const inYoung = await identitiesOf(young);
      const shut = turned.received.filter(({ identity }) => !inYoung.has(identity));
      expect(shut.length).toBeGreaterThan(0);
      const latest = Math.max(...shut.map(({ expiresAt }) => Date.parse(expiresAt)));
      expect(latest).toBeLessThanOrEqual((monthEndSeconds(old) - 5) * 1000);
    } finally {
      await end();
    }
  });
});
