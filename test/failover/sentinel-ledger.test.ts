// Only Redis has another server that takes over.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type RedisSentinels, startRedisSentinels } from '../support/redis-sentinel.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { type StoreWithHeirs, strikePrimary } from './strike-primary.ts';

const DEADLINE_MS = 90_000;

let redis: RedisSentinels;
let store: StoreWithHeirs;

beforeEach(async () => {
  redis = await startRedisSentinels();
  const { sentinels, master } = redis;
  store = {
    connection: { kind: 'sentinel', sentinels, master },
    primaryOf: () => redis.currentMaster(),
    hasPassedFrom: async (primary) => (await redis.currentMaster()) !== primary,
  };
}, DEADLINE_MS);
afterEach(() => redis.stop());

const kill = (primary: RedisServer) => primary.kill();
const pause = (primary: RedisServer) => primary.pause();

describe('a master under Sentinel', () => {
  test.each([
    { what: 'killed', waitReplicas: 0, strike: kill },
    { what: 'paused', waitReplicas: 0, strike: pause },
  ])(
    '$what: another is found, and no more are lost than were on their way to it',
    async (strike) => {
      await strikePrimary(store, strike);
    },
    DEADLINE_MS,
  );

  test.each([
    { what: 'killed, one replica waited for', waitReplicas: 1, strike: kill },
    {
      what: 'killed, its replicas cut off before, one waited for',
      waitReplicas: 1,
      strike: kill,
      heirsCutOff: true,
    },
  ])(
    '$what: nobody who got a token is forgotten',
    async (strike) => {
      expect(await strikePrimary(store, strike)).toBe(0);
    },
    DEADLINE_MS,
  );

  test(
    'killed, its replicas cut off before: what is forgotten is what could not reach them',
    async () => {
      const strike = {
        what: 'killed, its replicas cut off before',
        waitReplicas: 0,
        strike: kill,
        heirsCutOff: true,
      };
      expect(await strikePrimary(store, strike)).toBeGreaterThan(0);
    },
    DEADLINE_MS,
  );
});
