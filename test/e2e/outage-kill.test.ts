import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeJwt, SignJWT } from 'jose';
import type { TokenAnswer } from '../../src/contract.ts';
import { monthOf } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { Page, PageRequest } from '../../src/ledger/page.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { openTestRedisLedger } from '../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { askForToken } from './answers.ts';
import { configuredEnv, NO_LIMITS, SHARED } from './configured.ts';

// A gateway that serves from its journal is killed in the middle of it, or in the middle of bringing the journal to the
// ledger: every token that anybody received has its one row in the end, and nobody is counted twice.

const PEOPLE = Array.from({ length: 10 }, (_, number) => `person-${number}`);
const ROUNDS = 2;
/** The test stays in the middle of it, whenever it began. */
const MONTH = monthOf(Date.now());
const HALF_A_LIFE_MS = 151_000;
/** A journal with nothing in it has its header. */
const EMPTY_BYTES = 20;
const SHIFT = pathToFileURL(join(import.meta.dirname, 'fixtures/shift-clock.js')).href;

const CONFIG = `
issuers:
  - issuer: ${SHARED.issuer}
    audience: ${SHARED.audience}
    algorithms: [HS256]
    secretEnv: ${SHARED.variable}
${NO_LIMITS}
`;

let folder: string;
let redis: RedisServer;
let gateway: GatewayProcess;
let shiftMs = 0;
const received = new Map<string, TokenAnswer>();
const logins = new Map<string, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-outage-kill-'));
  redis = await startRedisServer({ appendfsyncAlways: true });
  const midMonth = Date.parse(`${MONTH}-15T12:00:00Z`);
  shift(midMonth - Date.now());
  const expiresAt = Math.floor(Date.now() / 1000) + 40 * 86_400;
  for (const name of PEOPLE) logins.set(name, await sign(name, expiresAt));
});
afterAll(async () => {
  redis.resume();
  await gateway.stop();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

function sign(subject: string, expiresAt: number): Promise<string> {
  return new SignJWT({ sub: subject })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(SHARED.issuer)
    .setAudience(SHARED.audience)
    .setIssuedAt(expiresAt - 80 * 86_400)
    .setExpirationTime(expiresAt)
    .sign(Buffer.from(SHARED.secret));
}

function shift(byMs: number): void {
  shiftMs += byMs;
  // By a rename: a clock that reads half a number runs back, and whoever has a token from the future keeps it.
  writeFileSync(join(folder, 'next-shift'), String(Math.round(shiftMs)));
  renameSync(join(folder, 'next-shift'), join(folder, 'shift'));
}

function start(): Promise<GatewayProcess> {
  return startGateway({
    env: configuredEnv({
      ...{ [SHARED.variable]: SHARED.secret, REDIS_URL: redis.url, JOURNAL_PATH: join(folder, 'journal') },
      ...{
        NODE_OPTIONS: `--import ${SHIFT}`,
        CLOCK_SHIFT_FILE: join(folder, 'shift'),
        TOKEN_TTL_SECONDS: '300',
      },
      LOG_LEVEL: 'info',
    }),
    configFile: CONFIG,
  });
}

/** Answers whether a token came; a gateway that is killed meanwhile gives none. */
async function ask(name: string): Promise<boolean> {
  try {
    const response = await askForToken(gateway.url, logins.get(name)!);
    const text = await response.text();
    if (response.status !== 200) return false;
    const answer = JSON.parse(text) as TokenAnswer;
    received.set(decodeJwt(answer.token).jti!, answer);
    return true;
  } catch {
    return false;
  }
}

async function readAll<Item>(read: (page: PageRequest) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  for (let after: string | null = null; ; ) {
    const page: Page<Item> = await read({ after, limit: 1_000 });
    items.push(...page.items);
    if (page.next === null) return items;
    after = page.next;
  }
}

/** By its file, since a gateway says nothing when the one before it has emptied it. */
async function untilJournalIsEmpty(): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  while (statSync(join(folder, 'journal')).size > EMPTY_BYTES) {
    if (performance.now() > giveUpAt) throw new Error(`the journal is not emptied:\n${gateway.stdout()}`);
    await sleep(20);
  }
}

test.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
  'round %i',
  async (round) => {
    gateway = await start();
    for (const name of PEOPLE) {
      for (let attempt = 0; !(await ask(name)); attempt++) {
        if (attempt > 100) throw new Error('nobody is served');
        await sleep(100);
      }
    }
    redis.pause();
    const before = received.size;
    // Calls that are sent into the silence may be counted later; half the life of a token does not pass meanwhile.
    shift(HALF_A_LIFE_MS);
    while (!gateway.stdout().includes('"ledger.outage"')) await Promise.all(PEOPLE.map(ask));
    let dead = false;
    const rows = PEOPLE.map(async (name) => {
      while (!dead) if (!(await ask(name))) await sleep(5);
    });
    const clock = (async () => {
      while (!dead) {
        shift(HALF_A_LIFE_MS);
        await sleep(20);
      }
    })();
    const killedAfter = 40 + Math.floor(Math.random() * 60);
    while (received.size - before < killedAfter) await sleep(5);
    await gateway.kill();
    dead = true;
    await Promise.all([...rows, clock]);
    process.stdout.write(`    killed after ${received.size - before} tokens of the journal\n`);

    redis.resume();
    gateway = await start();
    if (round > 1) {
      // Again, while it brings the journal to the ledger or a moment before or after.
      await sleep(Math.random() * 30);
      await gateway.kill();
      gateway = await start();
    }
    await untilJournalIsEmpty();
    await gateway.stop();

    const ledger = await openTestRedisLedger({ kind: 'single', url: redis.url });
    try {
      const mints = await readAll((page) => ledger.mints(DEFAULT_SERVICE, MONTH, page));
      const times = new Map<string, number>();
      for (const { identity, issuedAt, expiresAt } of mints) {
        const key = `${identity} ${issuedAt} ${expiresAt}`;
        times.set(key, (times.get(key) ?? 0) + 1);
      }
      for (const { token, identity } of received.values()) {
        const { iat, exp } = decodeJwt(token);
        expect(times.get(`${identity} ${iat} ${exp}`)).toBe(1);
      }
      // Rows of answers that were cut off, at most one a person and kill.
      expect(mints.length - received.size).toBeLessThanOrEqual(PEOPLE.length * 2 * round);
      const totals = await ledger.totals(DEFAULT_SERVICE, MONTH);
      expect(totals).toMatchObject({ all: PEOPLE.length, minted: mints.length });
      const people = await readAll((page) => ledger.identities(DEFAULT_SERVICE, MONTH, page));
      expect(people.reduce((sum, person) => sum + person.mints, 0)).toBe(mints.length);
    } finally {
      await ledger.close();
    }
  },
  60_000,
);
