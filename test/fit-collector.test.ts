import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { buildOnce } from './support/gateway-process.ts';

const MODULE = new URL('../dist/fit-collector.js', import.meta.url).href;

describe('fitCollector', () => {
  beforeAll(buildOnce, 90_000);

  it('keeps garbage from piling up behind what is remembered', () => {
    expect(peakHeap('fitted')).toBeLessThan(0.8 * peakHeap('as V8 has it'));
  });
});

/** Remembers the last 100,000 things, as the caches of logins do, and answers the most that the heap held, bytes. */
const REMEMBERING = `
  if (process.argv[1] === 'fitted') (await import('${MODULE}')).fitCollector();
  const remembered = [];
  let peak = 0;
  for (let n = 0; n < 3_000_000; n++) {
    remembered[n % 100_000] = { n, text: 'x' + n, more: [n] };
    if (n % 10_000 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed);
  }
  console.log(peak);`;

function peakHeap(how: 'fitted' | 'as V8 has it'): number {
  const args = ['--input-type=module', '-e', REMEMBERING, how];
  return Number(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout);
}
