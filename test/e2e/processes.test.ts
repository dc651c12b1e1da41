import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type GatewayProcess, runGateway, startGateway } from '../support/gateway-process.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { askForToken, monthSummary } from './answers.ts';
import { configuredEnv, OPS_KEY, SHARED, SHARED_ISSUER_FILE, signShared } from './configured.ts';

const PROCESSES = 3;
const PEOPLE = 120;
const BUDGET = 50;

let folder: string;
let redis: RedisServer;
let gateway: GatewayProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mau-guard-processes-'));
  redis = await startRedisServer({ appendfsyncAlways: true });
});
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
  await redis.stop();
  await rm(folder, { recursive: true, force: true });
});

function options() {
  return {
    env: configuredEnv({
      ...{ [SHARED.variable]: SHARED.secret, REDIS_URL: redis.url, METRICS_PORT: '0' },
      ...{ MAU_BUDGET_IDENTITIES: String(BUDGET), MAU_BUDGET_MODE: 'block' },
      JOURNAL_PATH: join(folder, 'journal'),
    }),
    configFile: SHARED_ISSUER_FILE,
    args: ['--processes', String(PROCESSES)],
  };
}

/** Sum over all lines of a metric, as a scrape shows it. */
async function readMetric(pattern: RegExp): Promise<number> {
  const [url] = /http:\S+\/metrics/.exec(gateway?.stderr() ?? '') ?? [];
  const text = await (await fetch(url ?? '')).text();
  const lines = text.split('\n').filter((line) => pattern.test(line));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

function childrenOf(parent: GatewayProcess | undefined): number[] {
  const pid = String(parent?.pid);
  const listed = `/proc/${pid}/task/${pid}/children`;
  const text = existsSync(listed)
    ? readFileSync(listed, 'utf8')
    : execFileSync('pgrep', ['-P', pid]).toString();
  return text.split(/\s+/).filter(Boolean).map(Number);
}

/** Fails by the test's own deadline. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(50);
}

describe('one port, three processes', () => {
  test('keep one budget, count on one page of metrics, and end in order', async () => {
    gateway = await startGateway(options());
    const { url } = gateway;
    const logins = await Promise.all(
      Array.from({ length: PEOPLE }, (_, index) => signShared(`person ${index}`)),
    );
    const answers = await Promise.all(logins.map((login) => askForToken(url, login)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(BUDGET);
    expect(await monthSummary(url, OPS_KEY)).toMatchObject({ identities: { total: BUDGET } });

    expect(await readMetric(/^mauguard_tokens_minted_total\{/)).toBe(BUDGET);
    expect(await readMetric(/^mauguard_denied_total\{/)).toBe(PEOPLE - BUDGET);
    expect(await readMetric(/^mauguard_identities\{/)).toBe(BUDGET);
    expect(await readMetric(/^mauguard_build_info\{/)).toBe(1);
    expect(readdirSync(folder).filter((name) => /^journal\.\d$/.test(name))).toHaveLength(PROCESSES);

    const { code, stdout } = await gateway.stop();
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const stopping = lines.filter(({ event }) => event === 'gateway.stopping');
    expect(stopping.map((line) => line.process).sort()).toEqual([1, 2, 3]);
    for (const line of lines) expect(line).toHaveProperty('process');
  });

  test('replace one that was killed', async () => {
    gateway = await startGateway(options());
    const { url } = gateway;
    const login = await signShared('ada');
    expect(await askForToken(url, login)).toMatchObject({ status: 200 });
    const [first] = childrenOf(gateway);
    process.kill(first as number, 'SIGKILL');
    await until(() => /another one takes its place/.test(gateway?.stderr() ?? ''));
    await until(() => childrenOf(gateway).length === PROCESSES);
    for (let turn = 0; turn < 2 * PROCESSES; turn += 1) {
      expect(await askForToken(url, login)).toMatchObject({ status: 200 });
    }
  });

  test('is refused on a ledger that belongs to one process, and a fault is said once', async () => {
    const { env, ...rest } = options();
    const { REDIS_URL: _redis, ...embedded } = env as Record<string, string>;
    const refused = await runGateway({
      ...rest,
      env: { ...embedded, LEDGER_PATH: join(folder, 'ledger.db') },
    });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--processes');

    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const { port } = occupant.address() as AddressInfo;
    const busy = await runGateway({ ...rest, env: { ...env, PORT: String(port) } });
    occupant.close();
    expect(busy.code).toBe(2);
    expect(busy.stderr.match(/PORT: expected a free port/g)).toHaveLength(1);
  });
});
