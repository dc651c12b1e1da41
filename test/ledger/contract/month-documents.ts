import { describe, expect, test } from '@jest/globals';
import { auditOf, monthNamed } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const OCTOBER = monthNamed('2026-10');
const NOVEMBER = monthNamed('2026-11');
const NOW = Date.parse('2026-11-20T09:00:00Z');

function paper(name: string, value: unknown) {
  return { name, text: JSON.stringify(value) };
}

export function describeMonthDocuments(store: ContractStore): void {
  describe('documents of a month', () => {
    test('are kept by service, month and name, and read in the order of names', async () => {
      const c = new LedgerCase(store);
      const other = new LedgerCase(store);
      for (const name of ['usage:2', 'closed', 'usage:10', 'usage:1']) {
        expect(await c.ledger.keepDocument(c.service, NOVEMBER, paper(name, { name }))).toBe(true);
      }
      await c.ledger.keepDocument(c.service, OCTOBER, paper('usage:1', 'october'));
      await other.ledger.keepDocument(other.service, NOVEMBER, paper('usage:1', 'another service'));

      const names = async (beginning: string) =>
        (await c.ledger.documents(c.service, NOVEMBER, beginning)).map(({ name }) => name);
      expect(await names('')).toEqual(['closed', 'usage:1', 'usage:10', 'usage:2']);
      expect(await names('usage:')).toEqual(['usage:1', 'usage:10', 'usage:2']);
      expect(await names('usage_')).toEqual([]);
      expect(await c.ledger.documents(c.service, OCTOBER, '')).toEqual([paper('usage:1', 'october')]);
      expect(await new LedgerCase(store).ledger.documents(c.service, monthNamed('2020-01'), '')).toEqual([]);
    });

    test('come back as they were, whatever is in them', async () => {
      const c = new LedgerCase(store);
      const document = paper('odd', { text: 'ümlaut \u0000 \u2028 "quoted" \\ \n', n: 0.1, list: [] });
      await c.ledger.keepDocument(c.service, NOVEMBER, document);
      expect(await c.ledger.documents(c.service, NOVEMBER, 'odd')).toEqual([document]);
    });

    test('can each be asked for by name, as lasting', async () => {
      const c = new LedgerCase(store);
      const find = (name: string) => c.ledger.lastingDocument(c.service, NOVEMBER, name);
      expect(await find('closed')).toBeNull();
      const document = paper('closed', { text: 'ümlaut \u0000 \u2028', n: 0.1 });
      await c.ledger.keepDocument(c.service, NOVEMBER, document);
      await c.ledger.keepDocument(c.service, NOVEMBER, paper('closed-not', 1));
      expect(await find('closed')).toBe(document.text);
      expect(await find('close')).toBeNull();
      expect(await c.ledger.documents(c.service, NOVEMBER, 'closed')).toHaveLength(2);
    });

    test('give way only to a writer who has seen what stands there', async () => {
      const c = new LedgerCase(store);
      const keep = (value: unknown, expected?: string | null) =>
        c.ledger.keepDocument(c.service, NOVEMBER, paper('turn', value), expected);
      expect(await keep(1, '0')).toBe(false);
      expect(await keep(1, null)).toBe(true);
      expect(await keep(2, null)).toBe(false);
      expect(await keep(2, '0')).toBe(false);
      expect(await keep(2, '1')).toBe(true);
      expect(await keep(3)).toBe(true);
      expect(await c.ledger.documents(c.service, NOVEMBER, 'turn')).toEqual([paper('turn', 3)]);
    });

    test('of many writers who have seen the same, one is let through', async () => {
      const c = new LedgerCase(store);
      const tries = Array.from({ length: 20 }, (_, n) =>
        c.ledger.keepDocument(c.service, NOVEMBER, paper('turn', n), null),
      );
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    });

    test('are kept by an operator once, with the audit entry and the answer', async () => {
      const c = new LedgerCase(store);
      const change = (value: unknown) => ({
        kind: 'document' as const,
        month: NOVEMBER,
        document: paper('closed', value),
      });
      const idempotency = { key: 'kim key', fingerprint: 'f', answer: 'a', until: NOW + 60_000 };
      const { version } = await c.limits('2026-11');
      expect(await c.change(change('first'), { idempotency })).toEqual({ outcome: 'done' });
      expect(await c.change(change('again'), { idempotency })).toEqual({ outcome: 'repeated', answer: 'a' });
      expect(await c.change(change('second'))).toEqual({ outcome: 'done' });

      expect(await c.ledger.documents(c.service, NOVEMBER, '')).toEqual([paper('closed', 'first')]);
      expect(await c.audit()).toMatchObject([auditOf('document'), auditOf('document')]);
      expect((await c.limits('2026-11')).version).toBe(version);
    });
  });
}
