import { describe, expect, test } from '@jest/globals';
import { createProgressBar, formatProgress } from '../../../src/cli/operator/progress-bar.ts';

describe('the progress bar', () => {
  test.each([
    [0, 0, 'checking [------------------------] 0 of 4,000, 0 s'],
    [0, 61_000, 'checking [------------------------] 0 of 4,000, 1 min 1 s'],
    [1_000, 2_000, 'checking [######------------------] 1,000 of 4,000, 500/s, 6 s left'],
    [4_000, 8_000, 'checking [########################] 4,000 of 4,000, 500/s, 0 s left'],
  ])('%i done after %i ms', (done, elapsedMs, line) => {
    expect(formatProgress('checking', done, 4_000, elapsedMs)).toBe(line);
  });

  test('is for terminals only', () => {
    const written: string[] = [];
    const output = { isTTY: false, write: (text: string) => written.push(text) };
    const bar = createProgressBar(output, { label: 'linking', total: 1, now: () => 0 });
    bar.show(1);
    bar.end();
    expect(written).toEqual([]);
  });
});
