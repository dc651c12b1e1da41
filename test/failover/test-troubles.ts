import { expect, test } from '@jest/globals';
import { monthSummary } from '../e2e/answers.ts';
import { OPS_KEY } from '../e2e/configured.ts';
import { askRedis } from '../support/ask-redis.ts';
import { expectUnavailable, untilServed } from './ask-gateway.ts';
import type { Trouble } from './troubles.ts';

export interface Troubled {
  /** Of the gateway. */
  url: string;
  /** Of the server that counts for it just now. */
  findPort(): Promise<number>;
  /** Everybody who was served so far; one of them is `known`. */
  people: Set<string>;
}

/** One test for each: everybody is asked to come again while it lasts, and served, and counted once, when it is over. */
export function testTroubles(troubles: readonly Trouble[], find: () => Troubled): void {
  test.each(troubles)(
    '$what: everybody is asked to come again, and served when it is over',
    async ({ what, begin, end }) => {
      const { url, findPort, people } = find();
      const port = await findPort();
      await askRedis(port, begin, { enableReadyCheck: false });
      const slowestMs = await expectUnavailable(url, ['known', what, 'known', what]);
      await askRedis(port, end, { enableReadyCheck: false });
      const overAt = performance.now();
      await untilServed(url, what);
      people.add(what);
      const backMs = Math.round(performance.now() - overAt);
      process.stdout.write(`    ${what}: answered within ${slowestMs} ms; served again after ${backMs} ms\n`);
      expect((await untilServed(url, 'known')).outcome).toBe('reused');
      expect((await monthSummary(url, OPS_KEY)).identities.total).toBe(people.size);
    },
    60_000,
  );
}
