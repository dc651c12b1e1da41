import { beforeEach, describe, expect, test } from '@jest/globals';
import { createArchiveBook } from '../../src/archive/archive-book.ts';
import { type ArchiveDesk, createArchiveDesk } from '../../src/archive/archive-desk.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { LEDGER_KINDS, ledgersOfBothKinds } from '../support/ledgers-of-both-kinds.ts';
import { type ArchiveKit, AUGUST, createArchiveKit, fillMonths, SEPTEMBER } from './archive-kit.ts';

const openLedger = ledgersOfBothKinds();

/** Longer than a lease lasts that nobody renews. */
const LEASE_OVER_MS = 121_000;

describe.each(LEDGER_KINDS)('an order (%s)', (kind) => {
  let kit: ArchiveKit;
  let desk: ArchiveDesk;
  /** Whether the ledger writes nothing of operators. */
  let isBroken: boolean;
  beforeEach(async () => {
    const store = await openLedger(kind);
    isBroken = false;
    kit = createArchiveKit({
      store,
      through: (ledger) => ({
        ...ledger,
        change: (...given) => (isBroken ? Promise.reject(new Error('away')) : ledger.change(...given)),
      }),
    });
    await fillMonths(kit.ledger, [AUGUST, SEPTEMBER]);
    await kit.close(AUGUST, SEPTEMBER);
    const { ledger, book, keeper, folder } = kit;
    desk = createArchiveDesk({ ledger, book, keeper, folderOf: () => folder });
  });

  const order = (what: 'archive' | 'trim' | 'restore', month = AUGUST, key: string | null = null) =>
    desk.order(DEFAULT_SERVICE, what, month, {
      ...{ operator: { name: 'anna', role: 'admin' }, nowMs: kit.clock.now(), reason: 'books' },
      ...{ requestId: 'r', ifMatch: null, repeatable: key === null ? null : { key, fingerprint: what } },
    });

  async function orders(): Promise<string[]> {
    const { items } = await kit.ledger.audit(DEFAULT_SERVICE, { after: null, limit: 20 });
    return items.map(({ action }) => action).filter((action) => action !== 'month.close');
  }

  test('that meets the schedule at work is refused, and nobody takes it for done', async () => {
    await kit.keeper.hold(DEFAULT_SERVICE, null, async () => {
      for (const what of ['archive', 'trim', 'restore'] as const) {
        expect(await order(what)).toMatchObject({
          ...{ outcome: 'refused', code: 'conflict' },
          detail: 'The archive is at work; ask again when it is done.',
        });
      }
    });
    expect(await orders()).toEqual([]);
    expect(await order('archive')).toMatchObject({ status: 202 });
    await kit.keeper.stop();
    expect(await orders()).toEqual(['month.archive']);
  });

  test('is refused while a gateway that was killed still has the lease', async () => {
    await createArchiveBook(kit.ledger, 'killed', kit.clock.now).take(DEFAULT_SERVICE, null);
    expect(await order('archive')).toMatchObject({ code: 'conflict' });
    kit.clock.advance(LEASE_OVER_MS);
    expect(await order('archive')).toMatchObject({ status: 202, body: { entry: { number: 1 } } });
    expect(await orders()).toEqual(['month.archive']);
  });

  test('that is repeated is answered as before only while it is what is done', async () => {
    expect(await order('archive', AUGUST, 'one')).toMatchObject({ status: 202 });
    const august = { kind: 'archive', month: AUGUST } as const;
    await kit.keeper.hold(DEFAULT_SERVICE, august, async () => {
      expect(await order('archive', AUGUST, 'one')).toMatchObject({
        status: 202,
        body: { running: 'archive' },
      });
    });
    await kit.keeper.hold(DEFAULT_SERVICE, { ...august, month: SEPTEMBER }, async () => {
      expect(await order('archive', AUGUST, 'one')).toMatchObject({
        detail: 'The archive is at work (archive, 2026-09); ask again when it is done.',
      });
    });
  });

  test('that cannot be kept is not begun, and holds up no other', async () => {
    isBroken = true;
    await expect(order('archive')).rejects.toThrow('away');
    expect(await kit.folder.entries()).toEqual([]);
    isBroken = false;
    expect(await order('archive')).toMatchObject({ status: 202, body: { entry: { number: 1 } } });
  });
});
