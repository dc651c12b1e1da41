import { expect, it } from '@jest/globals';
import { createOneAtATime } from '../../src/http/one-at-a-time.ts';

const BUSY = { outcome: 'refused', code: 'conflict', detail: 'busy' };

it('tells whoever comes meanwhile, and lets the next one in afterwards', async () => {
  const alone = createOneAtATime('busy');
  let finish = (_answer: string) => {};
  const first = alone(
    () =>
      new Promise<string>((resolve) => {
        finish = resolve;
      }),
  );
  expect(await alone(async () => 'second')).toEqual(BUSY);
  finish('first');
  expect(await first).toBe('first');
  expect(await alone(async () => 'third')).toBe('third');
});

it('lets the next one in after a failure', async () => {
  const alone = createOneAtATime('busy');
  await expect(alone(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await alone(async () => 'next')).toBe('next');
});
