import { describe, expect, test } from '@jest/globals';
import { createProgressBar, formatProgress } from '../../../src/cli/operator/progress-bar.ts';

describe('the progress bar', () => {
  test.each([
    [0, 0, 'checking [--------------------] 0 of 4,000, 0 s'],
    [0, 61_000, 'checking [--------------------] 0 of 4,000, 1 min 1 s'],
    [1_000, 2_000, 'checking [#####---------------] 1,000 of 4,000, 500/s, 6 s left'],
    [4_000, 8_000, 'checking [####################] 4,000 of 4,000, 500/s, 0 s left'],
    [9, 2_000, 'checking [--------------------] 9 of 4,000, 4.5/s, 14 min 47 s left'],
    [4, 100_000, 'checking [--------------------] 4 of 4,000, 0.04/s, 27 h 45 min left'],
  ])('%i done after %i ms', (done, elapsedMs, line) => {
    expect(formatProgress({ label: 'checking', total: 4_000 }, done, elapsedMs)).toBe(line);
  });

  test('takes rate and remaining time from what was done since it began', () => {
    const work = { label: '2026-11', total: 4_000, from: 2_000, isAbout: true };
    expect(formatProgress(work, 2_000, 3_000)).toBe(
      '2026-11 [##########----------] 2,000 of about 4,000, 3 s',
    );
    expect(formatProgress(work, 3_000, 10_000)).toBe(
      '2026-11 [###############-----] 3,000 of about 4,000, 100/s, 10 s left',
    );
  });

  test('holds more than it was told', () => {
    expect(formatProgress({ label: 'exporting', total: 100 }, 150, 1_000)).toBe(
      'exporting [####################] 150 of 150, 150/s, 0 s left',
    );
  });

  test('fits a terminal of 80 columns', () => {
    const work = { label: '2026-11', total: 199_999, isAbout: true };
    expect(formatProgress(work, 100_000, 22_222_000).length).toBeLessThan(80);
  });

  test('begins where an earlier run ended, and goes away', () => {
    const written: string[] = [];
    const output = { isTTY: true, write: (text: string) => written.push(text) };
    const bar = createProgressBar(output, { label: 'exporting', total: 4, from: 2, now: () => 0 });
    bar.end();
    expect(written).toEqual(['\r\u001b[Kexporting [##########----------] 2 of 4, 0 s', '\r\u001b[K']);
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
