import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { monthEndSeconds, parseMonth } from '../../src/domain/month.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { startRedisServer } from '../support/redis-server.ts';
import { askForToken, expectProblem, monthSummary } from './answers.ts';
import { configuredEnv, OPS_KEY, SHARED, SHARED_ISSUER_FILE, signShared } from './configured.ts';

const PEOPLE = 200;
const BUDGET = 50;

interface Store {
  env: Record<string, string>;
  stop(): Promise<void>;
}

async function single(): Promise<Store> {
  const redis = await startRedisServer({ appendfsyncAlways: true });
  return { env: { REDIS_URL: redis.url }, stop: redis.stop };
}

async function cluster(): Promise<Store> {
  const { env, stop } = await startRedisCluster();
  return { env, stop };
}

describe.each([
  ['one Redis', single],
  ['a Redis Cluster of three nodes', cluster],
])('two gateways on %s', (_name, open) => {
  let store: Store;
  let gateways: GatewayProcess[] = [];
  let logins: string[];
  /** Whether a person was served, by both gateways. */
  let served: boolean[];

  beforeAll(async () => {
    store = await open();
    const start = (env: Record<string, string>) =>
      startGateway({
        env: configuredEnv({
          ...{ [SHARED.variable]: SHARED.secret, LOG_LEVEL: 'error' },
          ...{ MAU_BUDGET_IDENTITIES: String(BUDGET), MAU_BUDGET_MODE: 'block' },
          ...store.env,
          ...env,
        }),
        configFile: SHARED_ISSUER_FILE,
      });
    // Another life of tokens, so that neither gateway can just give out the other's token again.
    gateways = await Promise.all([start({}), start({ TOKEN_TTL_SECONDS: '600' })]);
    logins = await Promise.all(Array.from({ length: PEOPLE }, (_, index) => signShared(`person ${index}`)));
  });
  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await store.stop();
  });

  /** Everyone asks both gateways at once. */
  function askEverywhere(body?: object): Promise<Response[][]> {
    const ask = body === undefined ? {} : { body };
    return Promise.all(
      logins.map((login) => Promise.all(gateways.map(({ url }) => askForToken(url, login, ask)))),
    );
  }

  test('give exactly the budget away, and each person the same answer', async () => {
    const answers = await askEverywhere();
    const month = parseMonth((await monthSummary(gateways[0]!.url, OPS_KEY)).month)!;
    const resetsAt = new Date(monthEndSeconds(month) * 1000).toISOString().replace('.000Z', 'Z');

    served = answers.map((both) => both.every(({ status }) => status === 200));
    expect(served.filter(Boolean)).toHaveLength(BUDGET);
    const identities = new Set<string>();
    for (const [index, both] of answers.entries()) {
      for (const answer of both) {
        if (served[index]) {
          identities.add(((await answer.json()) as { identity: string }).identity);
          continue;
        }
        const problem = await expectProblem(answer, 'mau-budget-exhausted');
        expect(problem).toMatchObject({ budget: 'all', limit: BUDGET, used: BUDGET, resetsAt });
      }
    }
    expect(identities.size).toBe(BUDGET);
  });

  test('go on serving those who are counted, for whatever they ask, and nobody else', async () => {
    for (const intent of ['open_chat', 'refresh']) {
      const answers = await askEverywhere({ intent });
      expect(answers.map((both) => both.map(({ status }) => status))).toEqual(
        served.map((counted) => (counted ? [200, 200] : [403, 403])),
      );
      for (const answer of answers.flat()) await answer.body?.cancel();
    }
  });

  test('agree on the month', async () => {
    const summaries = await Promise.all(gateways.map(({ url }) => monthSummary(url, OPS_KEY)));
    const refusals = 2 * (PEOPLE - BUDGET);
    for (const summary of summaries) {
      expect(summary).toMatchObject({
        identities: { total: BUDGET, new: BUDGET, byClass: { member: BUDGET } },
        budget: { limit: BUDGET, used: BUDGET, remaining: 0, overByEvidence: 0, mode: 'block' },
      });
      // Nobody knows a stranger: the budget refuses before the intent `refresh` is asked about, or the other way round.
      const { 'mau-budget-exhausted': exhausted = 0, 'lazy-connect-required': lazy = 0 } =
        summary.mints.refused;
      expect(exhausted + lazy).toBe(3 * refusals);
    }
    expect(summaries[0]!.mints).toEqual(summaries[1]!.mints);
  });
});
