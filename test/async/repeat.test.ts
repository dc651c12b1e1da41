import { expect, test } from '@jest/globals';
import { repeat } from '../../src/async/repeat.ts';

/** Turns as fast as they can, each of which throws what the list has for it; answers what was told of them. */
async function run(thrown: readonly (Error | null)[], { stopAt = thrown.length } = {}): Promise<unknown[]> {
  const told: unknown[] = [];
  let turns = 0;
  let over: () => void;
  const ended = new Promise<void>((resolve) => {
    over = resolve;
  });
  const turning = repeat({
    everyMs: 1,
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
    async turn() {
      const failure = thrown[turns] ?? null;
      turns += 1;
      if (turns >= stopAt) {
        void turning.stop();
        over();
      }
      if (failure !== null) throw failure;
    },
    onFailure: (failure) => void told.push(failure),
  });
  turning.start();
  await ended;
  await turning.stop();
  return told;
}

const [away, defect] = [new Error('away'), new TypeError('defect')];

test('what a turn throws is told once, until one succeeds or throws something else', async () => {
  const turns = [away, new Error('away'), defect, defect, null, defect, null];
  expect(await run(turns)).toEqual([away, defect, defect]);
});

test('a turn that is broken off by the stop tells nothing', async () => {
  expect(await run([null, away], { stopAt: 2 })).toEqual([]);
});
