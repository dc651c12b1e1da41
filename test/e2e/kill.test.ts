import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TokenAnswer } from '../../src/contract.ts';
import type { Identity } from '../../src/domain/identity.ts';
import { monthOf } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createMinter } from '../../src/issue/mint.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { buildOnce, startGateway } from '../support/gateway-process.ts';
import { openTestRedisLedger } from '../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { configuredEnv, SHARED, SHARED_ISSUER_FILE, SIGNING } from './configured.ts';
import { type Crowd, expectAllCounted, gatherCrowd } from './crowd.ts';
import { makeFusedProgram } from './fused-program.ts';

// A row without a token may happen, a token without a row never: whenever the gateway ends, wherever it was.

const ROWS = 8;
/** The step is passed so many times before the process ends, so that others are at every other step meanwhile. */
const KILL_ON = 30;

const STEPS = [
  'before-authenticate',
  'after-authenticate',
  'after-resolve',
  'after-decide',
  'before-admit',
  'admit-asked',
  'admit-sent',
  'after-admit',
  'after-mint',
  'before-answer',
  'answer-begun',
  'answer-written',
];

/** Steps at which the mint that is interrupted stands in the ledger already. */
const AFTER_COUNTING = STEPS.slice(STEPS.indexOf('after-admit'), STEPS.indexOf('answer-written'));

interface Store {
  env: Record<string, string>;
  reopen(): Promise<Ledger>;
}

let folder: string;
let program: string;
let redis: RedisServer;
let stores = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-kill-'));
  await buildOnce();
  program = makeFusedProgram(join(folder, 'program'));
  redis = await startRedisServer({ appendfsyncAlways: true });
});
afterAll(async () => {
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A ledger of its own for every gateway. */
function freshStore(kind: 'embedded' | 'redis'): Store {
  stores += 1;
  const path = join(folder, `${stores}.db`);
  if (kind === 'embedded') {
    return { env: { LEDGER_PATH: path }, reopen: async () => openSqliteLedger({ path }) };
  }
  const keyPrefix = `kill${stores}`;
  return {
    env: { REDIS_URL: redis.url, REDIS_KEY_PREFIX: keyPrefix },
    reopen: () => openTestRedisLedger({ kind: 'single', url: redis.url }, { keyPrefix }),
  };
}

function start(store: Store, fuse: Record<string, string> = {}) {
  return startGateway({
    env: configuredEnv({ [SHARED.variable]: SHARED.secret, LOG_LEVEL: 'error', ...store.env, ...fuse }),
    configFile: SHARED_ISSUER_FILE,
    program,
  });
}

async function checkLedger(store: Store, { received }: Crowd): Promise<number> {
  const ledger = await store.reopen();
  try {
    return await expectAllCounted(ledger, received);
  } finally {
    await ledger.close();
  }
}

/** Both ledgers at a time: most of the time goes by while programs start. */
function onBothLedgers(run: (store: Store) => Promise<void>): Promise<unknown> {
  return Promise.all((['embedded', 'redis'] as const).map((kind) => run(freshStore(kind))));
}

describe('no token without a row, on both ledgers', () => {
  test.each(STEPS)('killed %s', async (step) => {
    await onBothLedgers(async (store) => {
      const gateway = await start(store, { KILL_AT: step, KILL_ON: String(KILL_ON) });
      const crowd = gatherCrowd(gateway.url, ROWS);
      await crowd.gone;

      expect(await gateway.ended).toMatchObject({
        signal: 'SIGKILL',
        stderr: expect.not.stringContaining('rror'),
      });
      expect(crowd.received.length).toBeGreaterThan(0);
      expect(crowd.received.length).toBeLessThanOrEqual(KILL_ON + ROWS);
      const surplus = await checkLedger(store, crowd);
      expect(surplus).toBeLessThanOrEqual(ROWS);
      if (AFTER_COUNTING.includes(step)) expect({ ...store, surplus }).not.toEqual({ ...store, surplus: 0 });
    });
  });

  test.each([1, 2])('killed from outside, at a moment that nobody chose (%i)', async () => {
    await onBothLedgers(async (store) => {
      const gateway = await start(store);
      const crowd = gatherCrowd(gateway.url, 16);
      await crowd.served(20 + Math.floor(Math.random() * 40));
      await gateway.kill();
      await crowd.gone;
      await checkLedger(store, crowd);
    });
  });

  test('a gateway that is started again on it counts on, with the numbers that follow', async () => {
    await onBothLedgers(async (store) => {
      const first = await start(store, { KILL_AT: 'after-mint', KILL_ON: String(KILL_ON) });
      const before = gatherCrowd(first.url, ROWS);
      await before.gone;
      const second = await start(store);
      const after = gatherCrowd(second.url, ROWS);
      await after.served(20);
      after.dismiss();
      await after.gone;
      await second.stop();
      await checkLedger(store, { ...after, received: [...before.received, ...after.received] });
    });
  });
});

describe('no token without a row, when Redis ends too', () => {
  test('killed while it counts, and started again from its own log', async () => {
    const dir = mkdtempSync(join(folder, 'redis-'));
    const lost = await startRedisServer({ appendfsyncAlways: true, dir });
    const gateway = await start({ env: { REDIS_URL: lost.url }, reopen: () => Promise.reject() });
    const crowd = gatherCrowd(gateway.url, 16);
    await crowd.served(40);
    lost.kill();
    crowd.dismiss();
    await Promise.all([crowd.gone, gateway.kill(), lost.stop()]);

    const back = await startRedisServer({ appendfsyncAlways: true, dir });
    try {
      const reopen = () => openTestRedisLedger({ kind: 'single', url: back.url });
      await checkLedger({ env: {}, reopen }, crowd);
    } finally {
      await back.stop();
    }
  });
});

test('the check would notice a token without a row', async () => {
  const ledger = openSqliteLedger({ path: ':memory:' });
  try {
    const issuedAt = Math.floor(Date.now() / 1000);
    const expiresAt = issuedAt + 3600;
    const month = monthOf(Date.now());
    const identity = 'm_never-counted' as Identity;
    const { accountSid, serviceSid, keySid: sid, keySecret: secret } = SIGNING;
    const minter = createMinter({
      ...{ service: DEFAULT_SERVICE, accountSid, serviceSid, apiKey: { sid, secret } },
      ...{ region: null, pushCredentialSid: null, roleSids: {}, ttlSeconds: 3600 },
    });
    const token = minter.mint({ outcome: 'new', identity, issuedAt, expiresAt, ordinal: 1, month }, 'member');
    const answer = { token, identity, month } as unknown as TokenAnswer;
    await expect(expectAllCounted(ledger, [answer])).rejects.toThrow('m_never-counted');
  } finally {
    await ledger.close();
  }
});
