import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instantOf } from '../../src/domain/instant.ts';

it('writes whole seconds as Date does, without a fraction', () => {
  expect(instantOf(Date.parse('2026-11-20T22:00:00Z') / 1000)).toBe('2026-11-20T22:00:00Z');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
      expect(instantOf(seconds)).toBe(new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'));
    }),
  );
});
