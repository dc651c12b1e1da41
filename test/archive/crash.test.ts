import { afterAll, expect, test } from '@jest/globals';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { createArchiveKit, fillMonths, OCTOBER, readMonth, SEPTEMBER } from './archive-kit.ts';

class Crash extends Error {}

/** A ledger whose process dies at its n-th call, before or after that is done; nothing works from then on. */
function dyingLedger(calls: number, when: 'before' | 'after') {
  let left = calls;
  let isDead = false;
  const through = (ledger: Ledger): Ledger => {
    const dying = <Methods extends object>(methods: Methods): Methods =>
      Object.fromEntries(
        Object.entries(methods).map(([name, method]) => [
          name,
          typeof method !== 'function'
            ? method
            : async (...args: unknown[]) => {
                left -= 1;
                if (isDead || (left === 0 && when === 'before')) {
                  isDead = true;
                  throw new Crash(name);
                }
                const result = await method(...args);
                if (left === 0) {
                  isDead = true;
                  throw new Crash(name);
                }
                return result;
              },
        ]),
      ) as Methods;
    return { ...dying(ledger), retention: dying(ledger.retention) };
  };
  return { through, died: () => isDead };
}

const seen: Record<string, number> = { trim: 0, restore: 0 };
afterAll(() => {
  // Fewer than this, and the crashes were not where they should be.
  expect(seen['trim']).toBeGreaterThan(20);
  expect(seen['restore']).toBeGreaterThan(10);
});

test.each(['before', 'after'] as const)(
  'a crash %s any call is gone on from, with nothing lost',
  async (when) => {
    for (const kind of ['trim', 'restore'] as const) {
      for (let calls = 1; ; calls += 1) {
        const kit = createArchiveKit();
        await fillMonths(kit.ledger, [SEPTEMBER, OCTOBER]);
        await kit.close(SEPTEMBER, OCTOBER);
        await kit.archive(SEPTEMBER);
        const before = await readMonth(kit.ledger, OCTOBER);
        if (kind === 'restore') await kit.trim(OCTOBER);

        const { through, died } = dyingLedger(calls, when);
        const dying = createArchiveKit({ store: kit.store, root: kit.root, key: kit.key, through });
        await dying[kind](OCTOBER).catch(() => {});
        // What was left behind is no danger in itself: the archive or the ledger has every row.
        kit.clock.advance(300_000);
        const next = createArchiveKit({ store: kit.store, root: kit.root, key: kit.key, clock: kit.clock });
        const record = await next[kind](OCTOBER);
        expect(record).toMatchObject(
          kind === 'trim' ? { mints: 'trimmed', people: 'trimmed' } : { mints: 'kept', people: 'kept' },
        );
        expect(await next.verify()).toMatchObject({ ok: true, findings: [] });
        if (kind === 'trim') await next.restore(OCTOBER);
        expect(await readMonth(kit.ledger, OCTOBER)).toEqual(before);
        expect((await kit.ledger.months(DEFAULT_SERVICE)).length).toBe(2);
        if (!died()) break;
        seen[kind]! += 1;
      }
    }
  },
  110_000,
);
