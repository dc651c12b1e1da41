import { describe, expect, it } from '@jest/globals';
import { TwilioUnavailable } from '../../../src/domain/twilio-unavailable.ts';
import { createPacedReads } from '../../../src/signals/backfill/paced-reads.ts';

/** Time passes only in sleep. */
function timed(perSecond: number) {
  let now = 0;
  const signal = new AbortController();
  const paced = createPacedReads({
    perSecond,
    elapsed: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  });
  return { paced, signal: signal.signal, abort: () => signal.abort(), now: () => now };
}

describe('reads', () => {
  it('keep their pace, also when several read at once', async () => {
    const { paced, signal, now } = timed(10);
    const at: number[] = [];
    for (let call = 0; call < 31; call++) {
      await paced(async () => {
        at.push(now());
      }, signal);
    }
    expect(at[0]).toBe(0);
    expect(at.at(-1)).toBe(3_000);
    expect(at.every((time, index) => index === 0 || time - at[index - 1]! >= 100)).toBe(true);
  });

  it.each(['too-often', 'broken', 'no-answer'] as const)(
    'are repeated, ever more slowly, after %s',
    async (trouble) => {
      const { paced, signal, now } = timed(10);
      const at: number[] = [];
      const answer = await paced(async () => {
        at.push(now());
        if (at.length < 4) throw new TwilioUnavailable(trouble, 'not now');
        return 'read';
      }, signal);
      expect(answer).toBe('read');
      expect(at).toEqual([0, 1_000, 3_000, 7_000]);
    },
  );

  it('are given up in the end', async () => {
    const { paced, signal } = timed(10);
    let calls = 0;
    const reading = paced(async () => {
      calls++;
      throw new TwilioUnavailable('too-often', 'not now');
    }, signal);
    await expect(reading).rejects.toThrow('not now');
    expect(calls).toBe(6);
  });

  it.each(['not-signed-in', 'not-allowed', 'unreadable', 'not-there'] as const)(
    'are not repeated after %s',
    async (trouble) => {
      const { paced, signal } = timed(10);
      let calls = 0;
      const reading = paced(async () => {
        calls++;
        throw new TwilioUnavailable(trouble, 'never');
      }, signal);
      await expect(reading).rejects.toThrow('never');
      expect(calls).toBe(1);
    },
  );

  it('end when told, also while a call is under way', async () => {
    const { paced, signal, abort } = timed(10);
    const reading = paced(() => new Promise<never>(() => {}), signal);
    abort();
    await expect(reading).rejects.toThrow('aborted');
    await expect(paced(async () => 'read', signal)).rejects.toThrow('aborted');
  });
});
