import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { buildOnce } from './support/gateway-process.ts';

const MODULE = new URL('../dist/fit-collector.js', import.meta.url).href;

/** Makes garbage, with some of it alive each time that it is collected. */
const GARBAGE = `
  const { fitCollector } = await import('${MODULE}');
  fitCollector(Number(process.argv[1]));
  let held = [];
  for (let n = 0; n < 3_000_000; n++) {
    held.push({ n, text: 'x' + n });
    if (held.length > 20_000) held = [];
  }`;

describe('fitCollector', () => {
  beforeAll(buildOnce, 90_000);

  it('leaves the helper threads out on a single core', () => {
    expect(scavenges(1)).toMatchObject({ withHelpers: 0 });
  });

  it('leaves scavenges alone on more cores', () => {
    expect(scavenges(2).withHelpers).toBeGreaterThan(0);
  });

  it('keeps garbage from piling up behind what is remembered', () => {
    expect(peakHeap('fitted')).toBeLessThan(0.8 * peakHeap('as V8 has it'));
  });
});

/** Remembers the last 100,000 things, as the caches of logins do, and answers the most that the heap held, bytes. */
const REMEMBERING = `
  if (process.argv[1] === 'fitted') (await import('${MODULE}')).fitCollector(2);
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

/** How often V8 collected in a process that was told so many cores, and how often other threads had a part in it. */
function scavenges(cores: number): { withHelpers: number } {
  const args = ['--trace-gc-nvp', '--input-type=module', '-e', GARBAGE, String(cores)];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status).toBe(0);
  const helped = [...stdout.matchAll(/background\.scavenge\.parallel=([\d.]+)/g)].map(([, ms]) => Number(ms));
  expect(helped.length).toBeGreaterThan(5);
  return { withHelpers: helped.filter((ms) => ms > 0).length };
}
