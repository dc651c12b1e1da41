import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Identity } from '../../src/domain/identity.ts';
import { monthOf } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { Signal } from '../../src/domain/signal.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { mintTokens, recordActs } from '../reports/fill-month.ts';
import { examine, freshFolder, gatewayEnv } from './doctor-kit.ts';

const OFFLINE = { offline: true };

/** A ledger's file with what somebody saw of people in this month. */
async function fileWith(fill: (ledger: Ledger) => Promise<unknown>): Promise<string> {
  const path = join(freshFolder(), 'ledger.db');
  const ledger = openSqliteLedger({ path });
  await fill(ledger);
  await ledger.close();
  return path;
}

const seen = (identity: string, signal: Signal, className = 'member') => ({
  ...{ identity: identity as Identity, signal, className },
  ...{ at: Date.now(), source: 'webhook' as const },
});

test('the evidence of the month shows what is missing', async () => {
  const path = await fileWith(async (ledger) => {
    await ledger.record(DEFAULT_SERVICE, [seen('m_stranger', 'connected'), seen('m_written', 'updated')]);
    await ledger.keepDocument(DEFAULT_SERVICE, monthOf(Date.now()), {
      name: 'backfill',
      text: JSON.stringify({ found: { acts: 4, known: 1, added: 3, apart: 0 } }),
    });
  });
  const { of, text } = await examine(gatewayEnv({ LEDGER_PATH: path }), OFFLINE);
  expect(of('ledger')).toMatchObject({ status: 'ok', detail: expect.stringContaining('2 identities') });
  expect(of('tokens-from-elsewhere')).toMatchObject({
    status: 'warn',
    detail: expect.stringContaining('1 identity'),
  });
  expect(of('rest-only').status).toBe('warn');
  expect(of('backfill-gap')).toMatchObject({
    status: 'warn',
    detail: expect.stringContaining('3 identities'),
  });
  expect(of('no-connects').status).toBe('ok');
  expect(of('no-beacons').status).toBe('ok');
  // Counts only, never names.
  expect(text).not.toContain('m_');
});

test('beacons that never came, and ones that have stopped', async () => {
  const now = () => Date.parse('2026-11-04T09:00:00Z');
  const fill = async (ledger: Ledger) => {
    for (const day of ['01', '02', '03']) {
      const at = `2026-11-${day}T10:00:00Z`;
      await mintTokens(
        ledger,
        Array.from({ length: 8 }, (_, index) => ({ identity: `m_${day}_${index}`, at })),
      );
    }
    await recordActs(ledger, [{ identity: 'm_01_0', signal: 'connected', at: '2026-11-01T10:00:00Z' }]);
  };
  const never = await examine(gatewayEnv({ LEDGER_PATH: await fileWith(fill) }), { ...OFFLINE, now });
  expect(never.of('no-beacons')).toMatchObject({
    ...{ name: 'Beacons', status: 'warn', detail: expect.stringContaining('came in this month') },
    fix: expect.stringContaining('docs/beacons.md'),
  });
  expect(never.of('no-connects').status).toBe('ok');
  const path = await fileWith(async (ledger) => {
    await fill(ledger);
    await ledger.countBeacons(DEFAULT_SERVICE, 1, Date.parse('2026-11-01T10:00:00Z'));
  });
  const stopped = await examine(gatewayEnv({ LEDGER_PATH: path }), { ...OFFLINE, now });
  expect(stopped.of('no-beacons')).toMatchObject({
    ...{ status: 'warn', detail: expect.stringContaining('after 2026-11-01') },
  });
});

test('what is configured counts as the budget before the first start of a month', async () => {
  const path = await fileWith((ledger) =>
    ledger.record(DEFAULT_SERVICE, [seen('sms.1', 'addressed', 'address'), seen('m_a', 'joined')]),
  );
  const { of } = await examine(
    gatewayEnv({ LEDGER_PATH: path, MAU_BUDGET_IDENTITIES: '2', MAU_BUDGET_MODE: 'block' }),
    OFFLINE,
  );
  expect(of('budget')).toMatchObject({ status: 'warn', detail: '2 of 2 identities, mode block' });
  expect(of('addresses-in-budget').status).toBe('warn');
  const without = await examine(gatewayEnv({ LEDGER_PATH: path }), OFFLINE);
  expect(without.of('budget')).toMatchObject({ status: 'warn', detail: expect.stringContaining('no limit') });
});

test('no ledger is made, and one of another version or program is left as it is', async () => {
  const missing = join(freshFolder(), 'deep', 'ledger.db');
  const none = await examine(gatewayEnv({ LEDGER_PATH: missing }), OFFLINE);
  expect(none.of('ledger')).toMatchObject({ status: 'skip', detail: expect.stringContaining('none yet') });
  expect(existsSync(missing)).toBe(false);

  const path = await fileWith(async () => {});
  const bytes = readFileSync(path);
  bytes.writeUInt32BE(1, 60);
  writeFileSync(path, bytes);
  const older = await examine(gatewayEnv({ LEDGER_PATH: path }), OFFLINE);
  expect(older.of('ledger')).toMatchObject({
    status: 'skip',
    detail: expect.stringContaining('another version'),
  });
  expect(readFileSync(path).equals(bytes)).toBe(true);

  const foreign = join(freshFolder(), 'notes.txt');
  writeFileSync(foreign, 'not a ledger');
  const other = await examine(gatewayEnv({ LEDGER_PATH: foreign }), OFFLINE);
  expect(other.of('ledger').detail).toContain('no ledger');
  expect(readFileSync(foreign, 'utf8')).toBe('not a ledger');
});

test('a ledger that a gateway has open is nobody’s fault', async () => {
  const path = await fileWith(async () => {});
  const script = `
    const { default: Database } = await import('libsql');
    const database = new Database(process.argv[1]);
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('BEGIN EXCLUSIVE');
    console.log('held');
    process.stdin.resume();
  `;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  const { of, ok } = await examine(gatewayEnv({ LEDGER_PATH: path }), OFFLINE);
  expect(of('ledger')).toMatchObject({ status: 'skip', detail: expect.stringContaining('running gateway') });
  expect(of('budget').status).toBe('skip');
  expect(ok).toBe(true);
  const ended = once(holder, 'exit');
  holder.kill('SIGKILL');
  await ended;
});

test('the journal: where it is, whether it can be written, and how much fits', async () => {
  const folder = freshFolder();
  const well = await examine(gatewayEnv({ JOURNAL_PATH: join(folder, 'deep', 'journal') }), OFFLINE);
  expect(well.of('journal')).toMatchObject({ status: 'ok', detail: expect.stringContaining('MiB free') });
  expect(existsSync(join(folder, 'deep'))).toBe(false);

  writeFileSync(join(folder, 'file'), '');
  const blocked = await examine(gatewayEnv({ JOURNAL_PATH: join(folder, 'file', 'journal') }), OFFLINE);
  expect(blocked.of('journal')).toMatchObject({
    status: 'error',
    detail: expect.stringContaining('in the way'),
  });
  const taken = await examine(gatewayEnv({ JOURNAL_PATH: folder }), OFFLINE);
  expect(taken.of('journal').status).toBe('error');
});
