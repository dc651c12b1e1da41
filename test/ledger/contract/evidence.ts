import { describe, expect, test } from '@jest/globals';
import { bitOf, EVIDENCE_SOURCES, SIGNALS } from '../../../src/domain/signal.ts';
import { evidenceOf, monthNamed, seconds } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';
import { sortMasks } from './model-reports.ts';

const AT = '2026-11-20T09:07:42.999Z';

/** Everything about a month that evidence may change. */
async function snapshot(c: LedgerCase, month: string) {
  const { masks, ...totals } = await c.totals(month);
  const days = await c.ledger.days(c.service, monthNamed(month));
  return { people: await c.people(month), masks: sortMasks(masks), totals, days };
}

export function describeEvidence(store: ContractStore): void {
  describe('evidence', () => {
    test('counts somebody the month does not know', async () => {
      const c = new LedgerCase(store);
      await c.see('ann', 'addressed', AT, { className: 'address' });
      expect(await c.people('2026-11')).toEqual([
        {
          identity: 'ann',
          className: 'address',
          tenant: null,
          firstSeen: seconds(AT),
          lastSeen: seconds(AT),
          mints: 0,
          mask: bitOf('addressed'),
          signals: [{ signal: 'addressed', firstAt: seconds('2026-11-20T09:07:00Z'), source: 'webhook' }],
        },
      ]);
      expect(await c.totals('2026-11')).toMatchObject({
        all: 1,
        byClass: { address: 1 },
        masks: [{ className: 'address', mask: bitOf('addressed'), identities: 1 }],
        minted: 0,
      });
      expect(await c.mints('2026-11')).toEqual([]);
    });

    test.each(SIGNALS)('knows the signal %s', async (signal) => {
      const c = new LedgerCase(store);
      await c.see('ann', signal, AT);
      const firstAt = seconds('2026-11-20T09:07:00Z');
      expect(await c.people('2026-11')).toMatchObject([
        { mask: bitOf(signal), signals: [{ signal, firstAt, source: 'webhook' }] },
      ]);
    });

    test('knows every source, and gives signals in their own order', async () => {
      const c = new LedgerCase(store);
      const pairs = EVIDENCE_SOURCES.map((source, position) => ({
        source,
        signal: SIGNALS[position] ?? 'read',
      }));
      for (const { source, signal } of [...pairs].reverse()) await c.see('ann', signal, AT, { source });
      const [ann] = await c.people('2026-11');
      expect(ann?.signals.map(({ signal, source }) => ({ source, signal }))).toEqual(pairs);
    });

    test('belongs to the month of its instant, to the millisecond', async () => {
      const c = new LedgerCase(store);
      await c.see('ann', 'read', '2026-11-30T23:59:59.999Z');
      await c.see('ann', 'read', '2026-12-01T00:00:00.000Z');
      const [november] = await c.people('2026-11');
      const [december] = await c.people('2026-12');
      expect(november).toMatchObject({ firstSeen: seconds('2026-11-30T23:59:59Z'), mask: bitOf('read') });
      expect(december).toMatchObject({ mask: bitOf('read') | bitOf('returning') });
    });

    test('a repeat changes nothing', async () => {
      const c = new LedgerCase(store);
      const piece = evidenceOf('ann', 'messaged', AT);
      await c.ledger.record(c.service, [piece, piece]);
      const once = await snapshot(c, '2026-11');
      await c.ledger.record(c.service, [piece]);
      expect(await snapshot(c, '2026-11')).toEqual(once);
    });

    test('a batch may be empty, or span people and months', async () => {
      const c = new LedgerCase(store);
      await c.ledger.record(c.service, []);
      expect(await c.ledger.months(c.service)).toEqual([]);
      await c.ledger.record(c.service, [
        evidenceOf('ann', 'joined', '2026-11-20T09:00:00Z'),
        evidenceOf('bob', 'read', '2027-02-03T09:00:00Z'),
        evidenceOf('ann', 'messaged', '2026-11-21T09:00:00Z'),
      ]);
      expect(await c.ledger.months(c.service)).toEqual(['2027-02', '2026-11']);
      expect(await c.person('ann', '2026-11')).toMatchObject({
        mask: bitOf('joined') | bitOf('messaged') | bitOf('again'),
      });
    });

    test('whoever is in the month before is returning, whichever month is told of first', async () => {
      const c = new LedgerCase(store);
      await c.ledger.record(c.service, [
        evidenceOf('bob', 'read', '2026-12-01T00:00:00Z'),
        evidenceOf('ann', 'read', '2026-12-01T00:00:00Z'),
        evidenceOf('ann', 'read', '2026-11-30T23:59:59.999Z'),
      ]);
      const [returning, read] = [bitOf('read') | bitOf('returning'), bitOf('read')];
      expect(await c.person('ann', '2026-12')).toMatchObject({ mask: returning });
      expect(await c.person('bob', '2026-12')).toMatchObject({ mask: read });

      await c.see('bob', 'left', '2026-11-02T09:00:00Z');
      expect(await c.person('bob', '2026-12')).toMatchObject({ mask: returning });
      const masks = [{ className: 'unknown', mask: returning, identities: 2 }];
      expect(await c.totals('2026-12')).toMatchObject({ all: 2, masks });
      // Of the month itself nothing else has changed.
      expect(await c.person('bob', '2026-11')).toMatchObject({ mask: bitOf('left') });
    });

    test('late evidence marks somebody who was admitted to the month after', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-12-05T09:00:00Z');
      await c.see('ann', 'joined', '2026-11-05T09:00:00Z');
      expect(await c.person('ann', '2026-12')).toMatchObject({
        mask: bitOf('minted') | bitOf('returning'),
        mints: 1,
      });
      expect(await c.admit('ann', '2026-12-05T09:00:01Z')).toMatchObject({ outcome: 'reuse' });
    });

    test('a day counts whoever was seen first on it, however late that is told', async () => {
      const c = new LedgerCase(store);
      await c.see('ann', 'read', '2026-11-20T09:00:00Z');
      await c.see('ann', 'read', '2026-11-02T23:30:00Z');
      await c.see('ann', 'read', '2026-11-02T22:30:00Z');
      expect(await c.day('2026-11-20')).toMatchObject({ newByClass: {}, newByHour: new Array(24).fill(0) });
      const newByHour = new Array(24).fill(0).with(22, 1);
      expect(await c.day('2026-11-02')).toMatchObject({ newByClass: { unknown: 1 }, newByHour });
    });

    test('the earliest instant of a signal wins, and its source with it', async () => {
      const c = new LedgerCase(store);
      await c.see('ann', 'read', '2026-11-20T09:05:00Z', { source: 'webhook' });
      await c.see('ann', 'read', '2026-11-20T09:06:00Z', { source: 'gateway' });
      await c.see('ann', 'read', '2026-11-19T23:00:30Z', { source: 'backfill' });
      expect(await c.people('2026-11')).toMatchObject([
        {
          firstSeen: seconds('2026-11-19T23:00:30Z'),
          lastSeen: seconds('2026-11-20T09:06:00Z'),
          mask: bitOf('read') | bitOf('again'),
          signals: [{ signal: 'read', firstAt: seconds('2026-11-19T23:00:00Z'), source: 'backfill' }],
        },
      ]);
    });

    test('of two sources that tell of the same minute the first in the list of sources stands', async () => {
      const c = new LedgerCase(store);
      for (const [person, sources] of [
        ['ann', ['webhook', 'event-stream']],
        ['bob', ['event-stream', 'webhook']],
      ] as const) {
        for (const source of sources) await c.see(person, 'messaged', AT, { source });
        expect(await c.person(person, '2026-11')).toMatchObject({ signals: [{ source: 'webhook' }] });
      }
    });

    test('evidence about somebody admitted joins the record', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-11-20T09:00:00Z', { tenant: 'acme' });
      await c.see('ann', 'connected', '2026-11-20T09:00:10Z', { source: 'beacon', className: 'guest' });
      expect(await c.people('2026-11')).toMatchObject([
        { className: 'member', tenant: 'acme', mints: 1, mask: bitOf('minted') | bitOf('connected') },
      ]);
      expect(await c.admit('ann', '2026-11-20T09:00:20Z')).toMatchObject({ outcome: 'reuse', ordinal: 1 });
      const mask = bitOf('minted') | bitOf('connected');
      expect((await c.totals('2026-11')).masks).toEqual([{ className: 'member', mask, identities: 1 }]);
    });
  });
}
