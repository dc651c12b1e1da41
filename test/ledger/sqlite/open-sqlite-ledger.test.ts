import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Database from 'libsql';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openDatabase } from '../../../src/ledger/sqlite/open-database.ts';
import { openSqliteLedger } from '../../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { SqliteLedger } from '../../../src/ledger/sqlite/sqlite-ledger.ts';
import { budgetOf, monthNamed } from '../contract/builders.ts';
import { LedgerCase } from '../contract/ledger-case.ts';

// Not in the contract: only the embedded ledger is a file.

const AT = '2026-11-20T09:00:00Z';
const LATER = '2026-11-20T12:00:00Z';
const NOVEMBER = monthNamed('2026-11');

let folder: string;
let files = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-file-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function freshPath(): string {
  files += 1;
  return join(folder, String(files), 'ledger.db');
}

describe('the file', () => {
  test('is made with its folder and is for the gateway only', async () => {
    const path = freshPath();
    const ledger = openSqliteLedger({ path });
    await new LedgerCase({ ledger }).admit('ann', AT);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600);
    await ledger.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  test('loses its rights for others when it had any', async () => {
    const path = freshPath();
    await openSqliteLedger({ path }).close();
    chmodSync(path, 0o644);
    await openSqliteLedger({ path }).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('keeps everything when it is opened again', async () => {
    const path = freshPath();
    const first = openSqliteLedger({ path });
    const c = new LedgerCase({ ledger: first });
    expect(await first.checkFingerprint('secret', false)).toBe('first');
    await c.budget('2026-11', { scopes: { all: 9 } });
    await c.setBudget('2026-11', { scopes: { all: 2, 'class:guest': 1 }, thresholds: [50] });
    await c.raise('fair', { until: '2026-11-30T00:00:00Z' });
    await c.freeze('2027-01', AT);
    await c.block('bad');
    await c.admit('guest', AT, { className: 'guest', tenant: 'acme', hidden: true });
    await c.link('member', 'guest');
    await c.see('cleo', 'read', AT, { className: 'a\0b' });
    await c.admit('bad', AT);
    const books = await readBooks(first, c);
    await first.close();

    const again = openSqliteLedger({ path });
    const d = Object.assign(new LedgerCase({ ledger: again }), { service: c.service });
    expect(await readBooks(again, d)).toEqual(books);
    expect(await again.checkFingerprint('secret', false)).toBe('same');
    expect(await d.admit('member', '2026-11-20T09:10:00Z')).toMatchObject({ outcome: 'reuse', ordinal: 1 });
    expect(await d.admit('member', LATER)).toMatchObject({ outcome: 'known', identity: 'guest', ordinal: 2 });
    expect(await d.admit('bad', LATER)).toMatchObject({ code: 'identity-blocked' });
    expect(await d.admit('new', LATER, { className: 'guest' })).toMatchObject({
      budget: 'class:guest',
      used: 1,
    });
    expect(await d.admit('new', LATER)).toMatchObject({ outcome: 'new', ordinal: 3 });
    expect(await d.admit('last', LATER)).toMatchObject({ budget: 'all', used: 3 });
    expect(await d.totals('2027-02')).toMatchObject({ frozenSince: AT });
    await again.close();
  });

  test('of the first schema is brought up to date, with everything in it', async () => {
    const path = freshPath();
    await openSqliteLedger({ path }).close();
    rmSync(path);
    const old = new Database(path);
    old.exec(readFileSync('src/ledger/sqlite/sql/migrations/0001-ledger.sql', 'utf8'));
    old.exec(`
      PRAGMA application_id = ${0x4d415547};
      PRAGMA user_version = 1;
      INSERT INTO names (id, name) VALUES (1, '"default"');
      INSERT INTO links (service, own, effective) VALUES (1, 'member', 'guest'), (1, 'a', 'b'), (1, 'b', 'c');
      INSERT INTO budgets (service, from_month, budget) VALUES (1, 202611, '${JSON.stringify(budgetOf({ scopes: { all: 2 } }))}');
    `);
    old.close();
    const ledger = openSqliteLedger({ path });
    const c = Object.assign(new LedgerCase({ ledger }), { service: DEFAULT_SERVICE });
    expect(await c.limits('2026-11')).toMatchObject({ source: 'configured', budget: { scopes: { all: 2 } } });
    expect(await c.admit('guest', AT)).toMatchObject({ reason: 'guest-adopted' });
    expect(await c.admit('member', AT)).toMatchObject({ outcome: 'new', identity: 'guest' });
    expect(await c.admit('b', AT)).toMatchObject({ outcome: 'new', identity: 'c' });
    expect(await c.admit('d', AT)).toMatchObject({ code: 'mau-budget-exhausted' });
    await ledger.close();
  });

  test('of a schema that did not note when targets of alerts were named has known ones', async () => {
    const path = freshPath();
    const first = new LedgerCase({ ledger: openSqliteLedger({ path }) });
    await first.budget('2026-11', { scopes: { all: 100 }, thresholds: [1, 2] });
    await first.admit('ann', AT);
    const take = { targets: ['slack'], now: Date.parse(AT), leaseMs: 1_000, max: 9 };
    expect(await first.ledger.takeDeliveries(first.service, take)).toMatchObject([{ precedesTarget: true }]);
    await first.ledger.close();
    const old = new Database(path);
    old.exec('DROP TABLE alert_targets; PRAGMA user_version = 7');
    old.close();
    const ledger = openSqliteLedger({ path });
    const c = Object.assign(new LedgerCase({ ledger }), { service: first.service });
    await c.admit('bob', AT);
    const [due] = await ledger.takeDeliveries(c.service, take);
    expect(due).toMatchObject({ alert: { threshold: 2 }, precedesTarget: false });
    await ledger.close();
  });

  test('a newer schema is refused and left alone', async () => {
    const path = freshPath();
    await openSqliteLedger({ path }).close();
    const database = new Database(path);
    const [version] = database.prepare('PRAGMA user_version').raw().get() as [number];
    database.exec('PRAGMA user_version = 99');
    database.close();
    const bytes = readFileSync(path);
    expect(() => openSqliteLedger({ path })).toThrow(/has schema 99, this version of mau-guard knows \d+/);
    expect(readFileSync(path).equals(bytes)).toBe(true);

    const newer = new Database(path);
    newer.exec(`PRAGMA user_version = ${version}`);
    newer.close();
    await openSqliteLedger({ path }).close();
  });

  test('somebody else’s database is refused and left alone', () => {
    const path = join(folder, 'other.db');
    const database = new Database(path);
    database.exec('CREATE TABLE people (name TEXT); INSERT INTO people VALUES (1)');
    database.close();
    const bytes = readFileSync(path);
    expect(() => openSqliteLedger({ path })).toThrow(/not a mau-guard ledger/);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test.each([
    ['no database', () => writeFileSync(join(folder, 'x.db'), 'x'.repeat(5_000)), 'x.db'],
    ['a folder', () => undefined, '.'],
  ])('%s is refused as unavailable', (_, prepare, name) => {
    prepare();
    const attempt = () => openSqliteLedger({ path: join(folder, name) });
    expect(attempt).toThrow(expect.objectContaining({ name: 'GatewayError', code: 'ledger-unavailable' }));
  });

  test('reads leave nothing open that would keep the log from being written back', async () => {
    const database = openDatabase(freshPath());
    const ledger = new SqliteLedger(database);
    const c = new LedgerCase({ ledger });
    await Promise.all(Array.from({ length: 200 }, (_, n) => c.admit(`p${n}`, AT)));
    await c.totals('2026-11');
    await ledger.days(c.service, NOVEMBER);
    await ledger.identities(c.service, NOVEMBER, { after: null, limit: 5 });
    await ledger.mints(c.service, NOVEMBER, { after: null, limit: 5 });
    await ledger.ping();
    await c.admit('last', AT);
    const [checkpoint] = database.pragma('wal_checkpoint(PASSIVE)') as { log: number }[];
    expect(checkpoint?.log).toBeGreaterThan(0);
    expect(checkpoint).toMatchObject({ busy: 0, checkpointed: checkpoint?.log });
    await ledger.close();
  });
});

/** Everything the ledger tells of a service in November. */
async function readBooks(ledger: Ledger, c: LedgerCase) {
  return {
    months: await ledger.months(c.service),
    totals: await c.totals('2026-11'),
    days: await ledger.days(c.service, NOVEMBER),
    people: await c.people('2026-11'),
    mints: await c.mints('2026-11'),
    limits: await c.limits('2026-11'),
    alerts: await c.alerts(),
    audit: await c.audit(),
  };
}
