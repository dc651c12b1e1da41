import { describe, expect, test } from '@jest/globals';
import type { RedisServer } from '../support/redis-server.ts';
import { strikeGateways } from './strike-gateways.ts';
import { type StoreWithHeirs, strikePrimary } from './strike-primary.ts';

export const DEADLINE_MS = 90_000;

const kill = (primary: RedisServer) => primary.kill();
const pause = (primary: RedisServer) => primary.pause();

/** What holds wherever another server takes over from one that fails; `start` gives a store with replicas to wait for. */
export function describeFailover(
  name: string,
  start: (waitReplicas: number) => Promise<StoreWithHeirs>,
): void {
  describe(name, () => {
    test.each([
      { what: 'killed', waitReplicas: 0, strike: kill },
      { what: 'paused', waitReplicas: 0, strike: pause },
    ])(
      '$what: another server is found, and no more are lost than were on their way to it',
      async (strike) => {
        await strikePrimary(await start(0), strike);
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
        expect(await strikePrimary(await start(1), strike)).toBe(0);
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
        expect(await strikePrimary(await start(0), strike)).toBeGreaterThan(0);
      },
      DEADLINE_MS,
    );

    test.each([
      { what: 'killed', strike: kill },
      { what: 'paused', strike: pause },
      { what: 'killed, its replicas cut off before', strike: kill, heirsCutOff: true },
    ])(
      '$what: newcomers wait until every gateway has looked at the other server and told it what it lacks, and no longer',
      async (strike) => {
        await strikeGateways(await start(0), { waitReplicas: 0, ...strike });
      },
      DEADLINE_MS,
    );
  });
}
