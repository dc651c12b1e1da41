import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { TokenAnswer } from '../../src/contract.ts';
import { OlderRedis } from '../ledger/redis/older-redis.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { askForToken, expectProblem, monthSummary, tokenFor } from './answers.ts';
import { configuredEnv, OPS_KEY, SHARED, SHARED_ISSUER_FILE, signShared } from './configured.ts';

const LIMIT = 12;
const RECOVERY_MS = 30_000;
/** Two programs, and the build before the first. */
const START_MS = 90_000;
const OPERATOR = { authorization: `Bearer ${OPS_KEY}`, 'content-type': 'application/json' };

let redis: OlderRedis;
let gateways: [GatewayProcess, GatewayProcess];

beforeEach(async () => {
  redis = await OlderRedis.start();
  const env = configuredEnv({ [SHARED.variable]: SHARED.secret, REDIS_URL: redis.url, METRICS_PORT: '0' });
  const start = () => startGateway({ env, configFile: SHARED_ISSUER_FILE });
  gateways = await Promise.all([start(), start()]);
}, START_MS);
afterEach(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await redis.stop();
});

/** As the lazy client does: asks again while the ledger is away. */
async function askUntilDecided(url: string, login: string): Promise<Response> {
  const giveUpAt = performance.now() + RECOVERY_MS;
  for (;;) {
    const response = await askForToken(url, login);
    if (response.status !== 503) return response;
    await expectProblem(response, 'ledger-unavailable');
    if (performance.now() > giveUpAt) throw new Error('the gateway does not recover');
    await sleep(100);
  }
}

async function setBudget(url: string): Promise<void> {
  const { headers } = await fetch(`${url}/v1/budget`, { headers: OPERATOR });
  const response = await fetch(`${url}/v1/budget`, {
    method: 'PUT',
    headers: { ...OPERATOR, 'if-match': headers.get('etag') ?? '' },
    body: JSON.stringify({ limit: LIMIT, mode: 'block', reason: 'a test' }),
  });
  expect([response.status, await response.text()]).toEqual([200, expect.any(String)]);
}

/** What a browser tells once it is connected. */
async function tellConnected(url: string, token: string): Promise<void> {
  const body = JSON.stringify({ token, state: 'connected' });
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(`${url}/v1/beacons`, { method: 'POST', headers, body })).status).toBe(204);
}

async function countBeacons(gateway: GatewayProcess): Promise<string[]> {
  const [url = ''] = /http:\S+\/metrics/.exec(gateway.stderr()) ?? [];
  const text = await (await fetch(url)).text();
  return text.split('\n').filter((line) => /^mauguard_beacons_total\{/.test(line) && !line.endsWith(' 0'));
}

async function admitted(url: string, people: readonly string[]): Promise<TokenAnswer[]> {
  return Promise.all(people.map(async (person) => tokenFor(url, await signShared(person))));
}

test.each([
  ['goes back to an older snapshot', (lossy: OlderRedis) => lossy.goBack()],
  ['is emptied while it runs', (lossy: OlderRedis) => lossy.empty()],
])(
  'a Redis that %s is told again by every gateway, before anybody new is let in',
  async (_what, loseData) => {
    const [one, two] = gateways;
    const [ann] = await admitted(one.url, ['ann', 'bob']);
    for (let time = 0; time < 2; time++) await tellConnected(one.url, ann?.token ?? '');
    await redis.snapshot();
    await setBudget(one.url);
    const early = [
      ...(await admitted(one.url, ['cid', 'dan', 'eve'])),
      ...(await admitted(two.url, ['fay', 'gus'])),
    ];
    // Each gateway looks at the store once a second.
    await sleep(3_000);

    await loseData(redis);

    const people = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gus'];
    const strangers = Array.from({ length: 10 }, (_, place) => `stranger ${place}`);
    const answers = await Promise.all(
      [...people, ...strangers].map(async (person, place) => {
        const response = await askUntilDecided(place % 2 ? one.url : two.url, await signShared(person));
        return { person, status: response.status, body: (await response.json()) as TokenAnswer };
      }),
    );
    for (const { person, status } of answers.slice(0, people.length)) {
      expect({ person, status }).toEqual({ person, status: 200 });
    }
    const strangersIn = answers.slice(people.length).filter(({ status }) => status === 200);
    expect(strangersIn).toHaveLength(LIMIT - people.length);

    const { identities, budget } = await monthSummary(one.url, OPS_KEY);
    expect({ total: identities.total, limit: budget?.limit }).toEqual({ total: LIMIT, limit: LIMIT });
    const kept = (await (await fetch(`${two.url}/v1/budget`, { headers: OPERATOR })).json()) as {
      source: string;
    };
    expect(kept.source).toBe('operator');
    const tokens = new Set(early.map(({ token }) => token));
    for (const { status, body } of answers) {
      if (status === 200 && body.outcome === 'minted') expect(tokens.has(body.token)).toBe(false);
    }

    // What was written before the loss is written again, once.
    for (let time = 0; time < 2; time++) await tellConnected(one.url, ann?.token ?? '');
    const counted = await countBeacons(one);
    expect(counted.map((line) => line.replace(/^.*outcome="([^"]+)".* (\d+)$/, '$1 $2')).sort()).toEqual([
      'recorded 2',
      'repeated 2',
    ]);

    for (const gateway of gateways) {
      await gateway.stop();
      const events = gateway
        .stdout()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { event: string; level: string })
        .filter(({ event }) => event.startsWith('ledger.data'));
      expect(events.map(({ event, level }) => [event, level])).toEqual([
        ['ledger.data-lost', 'error'],
        ['ledger.data-restored', 'warn'],
      ]);
    }
  },
  120_000,
);
