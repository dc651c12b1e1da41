import { describe, expect, test } from '@jest/globals';
import { createBeaconMemory } from '../../src/signals/beacon-memory.ts';

/** Writes that are settled by hand. */
function heldWrites() {
  const open: { resolve(): void; reject(error: Error): void }[] = [];
  const write = () => new Promise<void>((resolve, reject) => void open.push({ resolve, reject }));
  return { open, write };
}

describe('the memory of beacons', () => {
  test('writes once, however often', async () => {
    const memory = createBeaconMemory(10);
    const { open, write } = heldWrites();
    const first = memory.once('a', write);
    open[0]?.resolve();
    expect([await first, await memory.once('a', write), await memory.once('a', write)]).toEqual([
      'recorded',
      'repeated',
      'repeated',
    ]);
    expect(open).toHaveLength(1);
  });

  test('a call that meets a write under way does not answer before it is done', async () => {
    const memory = createBeaconMemory(10);
    const { open, write } = heldWrites();
    let answered = false;
    const first = memory.once('a', write);
    const second = memory.once('a', write).then((outcome) => {
      answered = true;
      return outcome;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect([open.length, answered]).toEqual([1, false]);
    open[0]?.resolve();
    expect([await first, await second]).toEqual(['recorded', 'repeated']);
  });

  test('a failure is for all who wait for it, and the next call writes again', async () => {
    const memory = createBeaconMemory(10);
    const { open, write } = heldWrites();
    const waiting = [memory.once('a', write), memory.once('a', write)];
    open[0]?.reject(new Error('away'));
    for (const each of await Promise.allSettled(waiting)) expect(each.status).toBe('rejected');
    const next = memory.once('a', write);
    open[1]?.resolve();
    expect(await next).toBe('recorded');
  });

  test('forgets when it is told that the ledger lost data, and after a failure of anything', async () => {
    const memory = createBeaconMemory(10);
    const writes: string[] = [];
    const once = (key: string) => memory.once(key, async () => void writes.push(key));
    await once('a');
    memory.forget();
    await once('a');
    await expect(memory.once('b', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    await once('a');
    expect(writes).toEqual(['a', 'a', 'a']);
  });

  test('holds no more than it may: what was forgotten is written again', async () => {
    const memory = createBeaconMemory(3);
    const writes: string[] = [];
    const once = (key: string) => memory.once(key, async () => void writes.push(key));
    for (const key of ['a', 'b', 'c', 'd', 'd', 'a']) await once(key);
    expect(writes).toEqual(['a', 'b', 'c', 'd', 'a']);
  });
});
