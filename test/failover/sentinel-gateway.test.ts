// Only Redis has another server that takes over.
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { askForToken, expectProblem, monthSummary } from '../e2e/answers.ts';
import { configuredEnv, OPS_KEY, SHARED, sharedIssuerFile, signShared } from '../e2e/configured.ts';
import { FAILOVER_MS_MAX, untilYes } from '../support/ask-redis.ts';
import { type Certificate, makeCertificate } from '../support/certificate.ts';
import { buildOnce, type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { MASTER_DOWN_SOON_MS, type RedisSentinels, startRedisSentinels } from '../support/redis-sentinel.ts';
import { SENTINEL_LOGIN, untilServed } from './ask-gateway.ts';
import { MintLoad, type MintOutcome, servedPeople, slowestOf } from './mint-load.ts';
import { cutHeirsOff, RESTORED_MS_MAX } from './strike-primary.ts';

const PASSWORD = 'redis-password-that-nobody-may-see';
const SENTINEL_PASSWORD = 'sentinel-password-that-nobody-may-see';

let certificate: Certificate | undefined;
let redis: RedisSentinels;
let gateway: GatewayProcess;

beforeAll(buildOnce, 120_000);
afterEach(async () => {
  await gateway.stop();
  await redis.stop();
  await certificate?.remove();
});

async function startWithTls(): Promise<void> {
  certificate = await makeCertificate();
  redis = await startRedisSentinels({
    certificate,
    password: PASSWORD,
    sentinelPassword: SENTINEL_PASSWORD,
    downAfterMs: MASTER_DOWN_SOON_MS,
  });
  gateway = await startGateway({
    env: configuredEnv({
      [SHARED.variable]: SHARED.secret,
      NODE_EXTRA_CA_CERTS: certificate.certFile,
      ...redis.env,
      REDIS_PASSWORD: PASSWORD,
      REDIS_TLS: 'true',
      REDIS_WAIT_REPLICAS: '1',
      SENTINEL_LOGIN: SENTINEL_PASSWORD,
    }),
    configFile: sharedIssuerFile(1_000, [SENTINEL_LOGIN]),
  });
}

/** Asks the gateway for a token, as a browser would. */
async function mint(person: string): Promise<MintOutcome> {
  const response = await askForToken(gateway.url, await signShared(person));
  if (response.status === 503) {
    await expectProblem(response, 'ledger-unavailable');
    return 'unavailable';
  }
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  const { outcome, firstThisMonth } = (await response.json()) as { outcome: string; firstThisMonth: boolean };
  return outcome === 'reused' ? 'reuse' : firstThisMonth ? 'new' : 'known';
}

test('a gateway with TLS and passwords finds the new master in mid-load, and forgets nobody', async () => {
  await startWithTls();
  await untilServed(gateway.url, 'first');
  const load = new MintLoad(mint);
  try {
    await load.until(['new'], 30);
    const master = await redis.currentMaster();
    master.kill();
    const killedAt = performance.now();
    const isPassed = async () => (await redis.currentMaster()) !== master;
    await untilYes('another master', isPassed, FAILOVER_MS_MAX);
    const electedAt = performance.now();
    const restored = await load.until(['new', 'known', 'reuse']);
    // Newcomers wait a moment longer, until it is clear that the new master has what the old one had.
    await load.until(['new'], 30);
    const mints = await load.stop();

    process.stdout.write(
      `    elected after ${Math.round(electedAt - killedAt)} ms, served again after ` +
        `${Math.round(restored.answeredAt - killedAt)} ms, the slowest answer after ${slowestOf(mints)} ms\n`,
    );
    expect(restored.answeredAt - electedAt).toBeLessThan(RESTORED_MS_MAX);
    const served = servedPeople(mints);
    const { identities } = await monthSummary(gateway.url, OPS_KEY);
    // Whoever was turned away may have been counted all the same.
    expect(identities.total).toBeGreaterThanOrEqual(served.size + 1);
    for (const person of [...served].slice(-50)) {
      // A busy machine may still need a second for the copy that the new master waits for.
      const { outcome } = await untilServed(gateway.url, person);
      expect(outcome).toBe('reused');
    }
  } finally {
    load.end();
  }
  const { stdout, stderr } = await gateway.stop();
  for (const secret of [PASSWORD, SENTINEL_PASSWORD]) expect(stdout + stderr).not.toContain(secret);
}, 90_000);

test('what had not reached the new master is told to it by the gateway', async () => {
  redis = await startRedisSentinels({ downAfterMs: MASTER_DOWN_SOON_MS });
  gateway = await startGateway({
    env: configuredEnv({
      [SHARED.variable]: SHARED.secret,
      ...redis.env,
    }),
    configFile: sharedIssuerFile(1_000),
  });
  await untilServed(gateway.url, 'first');
  const load = new MintLoad(mint);
  try {
    await load.until(['new'], 30);
    const master = await redis.currentMaster();
    await cutHeirsOff(master);
    await load.until(['new'], 30);
    master.kill();
    const killedAt = performance.now();
    await load.until(['unavailable']);
    const known = await load.until(['known', 'reuse']);
    const newcomer = await load.until(['new']);
    await load.until(['new'], 30);
    const mints = await load.stop();

    process.stdout.write(
      `    known people served again after ${Math.round(known.answeredAt - killedAt)} ms, newcomers after ` +
        `${Math.round(newcomer.answeredAt - killedAt)} ms\n`,
    );
    const served = [...servedPeople(mints)];
    const { identities } = await monthSummary(gateway.url, OPS_KEY);
    expect(identities.total).toBeGreaterThanOrEqual(served.length + 1);
    const again = new Set<MintOutcome>();
    for (const person of served) again.add(await mint(person));
    expect([...again]).not.toContain('new');
  } finally {
    load.end();
  }
}, 120_000);
