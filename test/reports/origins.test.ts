import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bitOf, type SIGNALS } from '../../src/domain/signal.ts';
import { countOrigins } from '../../src/reports/origins.ts';

const bits = (...signals: (typeof SIGNALS)[number][]) =>
  signals.reduce((mask, signal) => mask | bitOf(signal), 0);

describe('where identities came from', () => {
  it('is a token from here, another one, or events alone', () => {
    const masks = [
      { className: 'member', mask: bits('minted'), identities: 5 },
      { className: 'member', mask: bits('minted', 'connected', 'messaged'), identities: 4 },
      { className: 'member', mask: bits('connected', 'messaged'), identities: 3 },
      { className: 'member', mask: bits('messaged', 'joined'), identities: 2 },
      { className: 'address', mask: bits('addressed', 'messaged'), identities: 30 },
    ];
    expect(countOrigins({ masks, byTenant: {} }, ['guest']).classes).toEqual([
      { className: 'address', identities: 30, withToken: 0, otherToken: 0, byEvents: 30 },
      { className: 'member', identities: 14, withToken: 9, otherToken: 3, byEvents: 2 },
      { className: 'guest', identities: 0, withToken: 0, otherToken: 0, byEvents: 0 },
    ]);
  });

  it('counts everybody once, whatever they did', () => {
    const row = fc.record({
      className: fc.constantFrom('member', 'guest', '__proto__', 'constructor'),
      mask: fc.nat(4095),
      identities: fc.nat(1_000),
    });
    fc.assert(
      fc.property(fc.array(row), (masks) => {
        const { classes } = countOrigins({ masks, byTenant: {} }, []);
        for (const { identities, withToken, otherToken, byEvents } of classes) {
          expect(withToken + otherToken + byEvents).toBe(identities);
        }
        const sum = (rows: { identities: number }[]) => rows.reduce((all, one) => all + one.identities, 0);
        expect(sum(classes)).toBe(sum(masks));
      }),
    );
  });

  it('names the largest tenants and says how many more there are', () => {
    const byTenant = Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`t${n}`, n]));
    const { tenants, tenantsMore } = countOrigins({ masks: [], byTenant }, []);
    expect(tenants).toHaveLength(6);
    expect(tenants[0]).toEqual({ tenant: 't24', identities: 24 });
    // One has nobody.
    expect(tenantsMore).toBe(18);
  });
});
