import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
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

async function untilMetric(pattern: RegExp, wanted: number): Promise<void> {
  const giveUpAt = performance.now() + 10_000;
  while ((await readMetric(pattern)) !== wanted && performance.now() < giveUpAt) await pause(50);
  expect(await readMetric(pattern)).toBe(wanted);
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

    // The others tell theirs when they come to it.
    await untilMetric(/^mauguard_tokens_minted_total\{/, BUDGET);
    await untilMetric(/^mauguard_denied_total\{/, PEOPLE - BUDGET);
    await untilMetric(/^mauguard_identities\{/, BUDGET);
    await untilMetric(/^mauguard_build_info\{/, 1);
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

  test('told to stop as a whole group, they answer what is under way first', async () => {
    gateway = await startGateway(options());
    const { url } = gateway;
    const login = await signShared('ada');
    const open = request(`${url}/v1/tokens`, {
      method: 'POST',
      headers: {
        ...{ Authorization: `Bearer ${login}`, 'Content-Type': 'application/json', 'Content-Length': 22 },
        // So that a process says when it has the request.
        Expect: '100-continue',
      },
    });
    const answered = once(open, 'response');
    const taken = once(open, 'continue');
    open.write('{"intent":');
    await taken;
    // As systemd does: the primary passes it on to processes that have it already.
    for (const pid of [gateway.pid, ...childrenOf(gateway)]) process.kill(pid, 'SIGTERM');
    await until(() => gateway?.stdout().match(/"gateway\.stopping"/g)?.length === PROCESSES);
    open.end('"open_chat"}');
    const [response] = (await answered) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(200);
    expect((await gateway.ended).code).toBe(0);
  });

  test('replace one that was killed', async () => {
    gateway = await startGateway(options());
    const { url } = gateway;
    const login = await signShared('ada');
    expect(await askForToken(url, login)).toMatchObject({ status: 200 });
    const [first] = childrenOf(gateway);
    process.kill(first as number, 'SIGKILL');
    await until(() => /another one takes its place/.test(gateway?.stderr() ?? ''));
    // Whoever is just starting is missing from the page of metrics, and does not take it away.
    expect(await readMetric(/^mauguard_build_info\{/)).toBe(1);
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

  test('say every port that is taken, that of the metrics too', async () => {
    const { env, ...rest } = options();
    const occupants = [createServer(), createServer()];
    for (const occupant of occupants) await once(occupant.listen(0, '127.0.0.1'), 'listening');
    const [port, metricsPort] = occupants.map((occupant) => String((occupant.address() as AddressInfo).port));
    const both = await runGateway({
      ...rest,
      env: { ...env, PORT: String(port), METRICS_PORT: String(metricsPort) },
    });
    const metricsOnly = await runGateway({ ...rest, env: { ...env, METRICS_PORT: String(metricsPort) } });
    for (const occupant of occupants) occupant.close();
    expect([both.code, metricsOnly.code]).toEqual([2, 2]);
    expect(both.stderr.match(/^.*PORT: expected a free port.*$/gm)).toHaveLength(2);
    expect(metricsOnly.stderr).toContain('METRICS_PORT: expected a free port');

    const nowhere = await runGateway({ ...rest, env: { ...env, HOST: '203.0.113.9' } });
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr.match(/HOST: expected/g)).toHaveLength(1);
  });
});
