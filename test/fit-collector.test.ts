import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { buildOnce } from './support/gateway-process.ts';

const MODULE = new URL('../dist/fit-collector.js', import.meta.url).href;

describe('fitCollector', () => {
  beforeAll(buildOnce, 90_000);

  it('keeps garbage from piling up behind what is remembered', () => {
    expect(peakHeap('fitted')).toBeLessThan(0.8 * peakHeap('as V8 has it'));
  });

  it('keeps V8 from making things old because others like them have survived', () => {
    expect(placesMadeOld('fitted')).toBe(0);
    expect(placesMadeOld('as V8 has it')).toBeGreaterThan(0);
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

/** Holds the last 50,000 things, more than the space for what is new has room for here. */
const STARTING = `
  if (process.argv[1] === 'fitted') (await import('${MODULE}')).fitCollector();
  const inFlight = [];
  for (let n = 0; n < 500_000; n++) inFlight[n % 50_000] = { n, more: [n], text: 'x' + n };`;

/** How often V8 decided that things which are made at some place in the program shall be made old. */
function placesMadeOld(how: 'fitted' | 'as V8 has it'): number {
  const flags = ['--trace-pretenuring-statistics', '--max-semi-space-size=1'];
  const args = [...flags, '--input-type=module', '-e', STARTING, how];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status).toBe(0);
  return [...stdout.matchAll(/=> tenure$/gm)].length;
}
