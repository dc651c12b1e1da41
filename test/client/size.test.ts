import { describe, expect, it } from '@jest/globals';
// @ts-expect-error a script without types
import { bundleClient, gzippedBytes, LIMITS } from '../../scripts/bundle-client.js';

interface Limit {
  name: string;
  entry: string;
  uses: string[];
  bytesMax: number;
}

const limits: Limit[] = LIMITS;

describe('the browser half', () => {
  it.each(limits.map((limit) => [limit.name, limit] as const))('%s is within its limit', async (_, limit) => {
    const bytes = gzippedBytes(await bundleClient(limit));
    expect(bytes).toBeGreaterThan(200);
    expect(bytes).toBeLessThanOrEqual(limit.bytesMax);
  });

  it('states the limits that were promised: 4 kB, 6.5 kB and 0.8 kB', () => {
    expect(limits.map(({ bytesMax }) => Math.round((bytesMax / 1024) * 10) / 10)).toEqual([4, 6.5, 0.8]);
  });

  it('loses by shaking what an app does not use', async () => {
    const core: string = await bundleClient(limits[0]);
    for (const absent of [
      'BroadcastChannel',
      'sendBeacon',
      'visibilitychange',
      '/v1/guests',
      'If-None-Match',
    ]) {
      expect(core).not.toContain(absent);
    }
  });

  it('takes in nothing from elsewhere, and the SDK by import() only', async () => {
    const everything: string = await bundleClient(limits[1]);
    const imports = [...everything.matchAll(/\bimport\b.{0,30}/g)].map(([text]) => text);
    expect(imports).toHaveLength(1);
    expect(imports[0]).toMatch(/^import\("@twilio\/conversations"\)/);
  });
});
