import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { openDatabase } from '../../src/ledger/sqlite/open-database.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { SqliteLedger } from '../../src/ledger/sqlite/sqlite-ledger.ts';
import { evidenceOf, monthNamed } from './contract/builders.ts';
import { LedgerCase } from './contract/ledger-case.ts';
import { recount, sortMasks } from './contract/model-reports.ts';
import { describeLedgerContract } from './contract.ts';
import { collectAcknowledged, collectComplaint, startLedgerProcess } from './sqlite/start-ledger-process.ts';

const AT = '2026-11-20T09:00:00Z';
const LATER = '2026-11-20T12:00:00Z';
const NOVEMBER = monthNamed('2026-11');

let folder: string;
let files = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-sqlite-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function freshPath(): string {
  files += 1;
  return join(folder, String(files), 'ledger.db');
}

function opened(path: string) {
  const ledger = openSqliteLedger({ path });
  return { ledger, close: () => ledger.close() };
}

describeLedgerContract('sqlite in memory', async () => opened(':memory:'));
describeLedgerContract('sqlite in a file', async () => opened(freshPath()));

// Not in the contract: what follows is about the one file and the one process that the embedded ledger has.

describe('a full disk', () => {
  test('fails the whole commit, and the ledger goes on when there is room again', async () => {
    const database = openDatabase(freshPath());
    const ledger = new SqliteLedger(database);
    const c = new LedgerCase({ ledger });
    await c.admit('early', AT);
    database.exec('PRAGMA max_page_count = 40');
    const crowd = () =>
      Promise.allSettled(Array.from({ length: 250 }, (_, n) => c.admit(`p${n}`.padEnd(200, 'x'), AT)));
    for (const result of await crowd()) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'ledger-unavailable' } });
    }
    expect(await c.totals('2026-11')).toMatchObject({ all: 1, minted: 1 });
    database.exec('PRAGMA max_page_count = 4294967294');
    for (const result of await crowd()) expect(result).toMatchObject({ value: { outcome: 'new' } });
    expect(await c.totals('2026-11')).toMatchObject({ all: 251, minted: 251 });
    await ledger.close();
  });
});

describe('one process', () => {
  test('a second opener is refused, until the first has closed', async () => {
    const path = freshPath();
    const first = openSqliteLedger({ path });
    const c = new LedgerCase({ ledger: first });
    await c.admit('ann', AT);
    expect(() => openSqliteLedger({ path })).toThrow(/another gateway uses this ledger/);
    expect(await c.admit('bob', AT)).toMatchObject({ outcome: 'new' });
    // The attempt must not have cost the first one its lock.
    const { exitCode, text } = await collectComplaint(startLedgerProcess(path));
    expect(exitCode).toBe(1);
    expect(text).toContain('another gateway uses this ledger');
    await first.close();
    const second = openSqliteLedger({ path });
    expect(await second.months(c.service)).toEqual(['2026-11']);
    await second.close();
  });

  test('killed in the middle of its work, it has lost nothing that it acknowledged', async () => {
    const path = freshPath();
    const child = startLedgerProcess(path);
    const acknowledged = await collectAcknowledged(child, 2_000);
    expect(() => openSqliteLedger({ path })).toThrow(/another gateway uses this ledger/);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(existsSync(`${path}-wal`)).toBe(true);

    const ledger = openSqliteLedger({ path });
    const c = Object.assign(new LedgerCase({ ledger }), { service: DEFAULT_SERVICE });
    const mints = await c.mints('2026-11');
    const logged = new Map(mints.map(({ ordinal, identity }) => [ordinal, identity]));
    expect(acknowledged.length).toBeGreaterThanOrEqual(2_000);
    for (const [ordinal, identity] of acknowledged) expect(logged.get(ordinal)).toBe(identity);

    const people = await c.people('2026-11');
    const totals = await c.totals('2026-11');
    expect({ ...totals, masks: sortMasks(totals.masks) }).toMatchObject(recount(people));
    expect(totals.minted).toBe(mints.length);
    expect(people.reduce((sum, person) => sum + person.mints, 0)).toBe(mints.length);
    await ledger.close();
  });
});

describe('the group commit', () => {
  test('takes calls of every kind in the order in which they were made', async () => {
    const { ledger, close } = opened(':memory:');
    const c = new LedgerCase({ ledger });
    const answers = await Promise.all([
      c.admit('ann', AT),
      c.block('ann'),
      c.admit('ann', LATER),
      c.block('ann', false),
      c.admit('ann', LATER),
      c.budget('2026-11', { mode: 'block', scopes: { all: 1 } }),
      c.admit('bob', AT),
      c.see('bob', 'joined', AT),
      c.admit('bob', AT),
      c.freeze('2026-11', AT),
      c.admit('cleo', AT),
      c.link('cleo', 'ann'),
      c.admit('cleo', '2026-11-20T18:00:00Z'),
    ]);
    const said = answers.flatMap((answer) => (answer && answer.outcome !== 'done' ? [answer] : []));
    expect(said).toMatchObject([
      { outcome: 'new' },
      { code: 'identity-blocked' },
      { outcome: 'known' },
      { code: 'mau-budget-exhausted', used: 1 },
      { outcome: 'known', identity: 'bob' },
      { code: 'new-identities-frozen' },
      { outcome: 'known', identity: 'ann' },
    ]);
    await close();
  });

  test('fails as a whole: every call of the tick rejects and nothing of it is counted', async () => {
    const { ledger, close } = opened(freshPath());
    const c = new LedgerCase({ ledger });
    await c.admit('early', AT);
    const results = await Promise.allSettled([
      c.admit('ann', AT, { className: 'class-of-the-lost', tenant: 'acme' }),
      c.see('bob', 'read', AT),
      ledger.countRefusal(c.service, 'forbidden', Number.NaN),
      c.block('early'),
    ]);
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'ledger-unavailable' } });
    }
    expect(await c.totals('2026-11')).toMatchObject({ all: 1, minted: 1, byTenant: {}, refused: {} });
    const retried = await c.admit('ann', AT, { className: 'class-of-the-lost', tenant: 'acme' });
    expect(retried).toMatchObject({ outcome: 'new', ordinal: 2 });
    expect(await c.totals('2026-11')).toMatchObject({ byClass: { member: 1, 'class-of-the-lost': 1 } });
    expect(await c.admit('early', LATER)).toMatchObject({ outcome: 'known' });
    await close();
  });

  test('a page is never so long that mints wait for it', async () => {
    const { ledger, close } = opened(':memory:');
    const c = new LedgerCase({ ledger });
    const crowd = Array.from({ length: 2_500 }, (_, n) => evidenceOf(`p${n}`, 'read', AT));
    await ledger.record(c.service, crowd);
    const page = await ledger.identities(c.service, NOVEMBER, { after: null, limit: 100_000 });
    expect(page.items).toHaveLength(1_000);
    expect(await c.people('2026-11', 100_000)).toHaveLength(2_500);
    await close();
  });

  test('a cursor that no ledger made is a fault of the caller', async () => {
    const { ledger, close } = opened(':memory:');
    const c = new LedgerCase({ ledger });
    const page = { after: 'nonsense', limit: 1 };
    await expect(ledger.identities(c.service, NOVEMBER, page)).rejects.toMatchObject({ code: 'internal' });
    await expect(ledger.mints(c.service, NOVEMBER, page)).rejects.toMatchObject({ code: 'internal' });
    await close();
  });
});
