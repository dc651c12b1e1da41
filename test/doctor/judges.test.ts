import { describe, expect, test } from '@jest/globals';
import { judgeBudget } from '../../src/doctor/checks/budget.ts';
import { judgeSkew } from '../../src/doctor/checks/clocks.ts';
import { judgeNotices } from '../../src/doctor/checks/configuration.ts';
import { judgePrices, judgeRules } from '../../src/doctor/checks/data-age.ts';
import { judgeJournal } from '../../src/doctor/checks/journal.ts';
import { judgeRoles } from '../../src/doctor/checks/openings.ts';
import { judgePeopleBuckets } from '../../src/doctor/checks/people-buckets.ts';
import { judgeNodeVersion } from '../../src/doctor/checks/runtime.ts';
import { judgeSampleToken, judgeTokenLife } from '../../src/doctor/checks/tokens.ts';
import type { LedgerMonth, RedisNode, TwilioSetup } from '../../src/doctor/ports.ts';
import type { CountingRules } from '../../src/domain/counting-rules.ts';
import type { PriceTable } from '../../src/domain/price-table.ts';
import type { Budget, Raise } from '../../src/ledger/budget.ts';

const NOW = Date.parse('2026-11-20T00:00:00Z');

test.each([
  ['v20.20.2', '>=20.19', 'ok'],
  ['v20.19.0', '>=20.19', 'ok'],
  ['v22.1.0', '>=20.19', 'ok'],
  ['v20.9.0', '>=20.19', 'error'],
  ['v18.20.0', '>=20.19', 'error'],
])('Node.js %s, needs %s: %s', (version, engines, status) => {
  expect(judgeNodeVersion(version, engines).status).toBe(status);
});

test.each([
  [60, 'warn'],
  [299, 'warn'],
  [300, 'ok'],
  [86_400, 'ok'],
  [86_401, 'error'],
])('a token life of %d s: %s', (seconds, status) => {
  expect(judgeTokenLife(seconds).status).toBe(status);
});

test.each([
  [0, 'ok'],
  [-5_000, 'ok'],
  [5_001, 'warn'],
  [-30_000, 'warn'],
  [30_001, 'error'],
])('a clock %d ms off: %s', (ms, status) => {
  expect(judgeSkew(ms, 'Its').status).toBe(status);
});

test('a token that is not what it should be', () => {
  const good = { fault: null, lifeSeconds: 3600, sameAsLibrary: true };
  expect(judgeSampleToken(good).status).toBe('ok');
  expect(judgeSampleToken({ ...good, sameAsLibrary: false }).status).toBe('error');
  expect(judgeSampleToken({ ...good, fault: 'claims' })).toMatchObject({
    status: 'error',
    detail: expect.stringContaining('claims'),
  });
});

test('the age of prices and rules', () => {
  const prices = (readOn: string) => ({ name: 'p', readOn, source: 's' }) as PriceTable;
  expect(judgePrices(prices('2026-08-22'), NOW).status).toBe('ok');
  expect(judgePrices(prices('2026-08-21'), NOW)).toMatchObject({
    status: 'warn',
    detail: expect.stringContaining('91 days ago'),
  });
  const rules = (readOn: string[]) =>
    ({ version: 'v', statements: readOn.map((month) => ({ readOn: month })) }) as unknown as CountingRules;
  expect(judgeRules(rules(['2024-01', '2026-11']), NOW).status).toBe('ok');
  expect(judgeRules(rules(['2024-01']), NOW).status).toBe('warn');
  expect(judgeRules(rules([]), NOW).status).toBe('ok');
});

describe('the budget', () => {
  const month = (all: number, budget: Partial<Budget> | null, limits = {}): LedgerMonth =>
    ({
      totals: { all },
      limits: {
        budget: budget && { mode: 'block', scopes: { all: 100 }, thresholds: [50, 100], ...budget },
        ...{ raises: [], frozenSince: null },
        ...limits,
      },
    }) as unknown as LedgerMonth;
  const raise = { scope: 'all', identities: 50, expiresAt: NOW / 1000 + 60 } as Raise;

  test.each([
    ['within', month(99, {}), 'ok', '99 of 100 identities, mode block, alerts at 50, 100 %'],
    ['used up', month(100, {}), 'warn', '100 of 100'],
    ['raised', month(100, {}, { raises: [raise] }), 'ok', '100 of 150'],
    ['raised once', month(100, {}, { raises: [{ ...raise, expiresAt: NOW / 1000 }] }), 'warn', '100 of 100'],
    ['off', month(1, { mode: 'off' }), 'warn', 'no limit'],
    ['of a class only', month(1, { scopes: { 'class:guest': 5 } }), 'warn', 'no limit'],
    ['frozen', month(1, {}, { frozenSince: '2026-11-19T00:00:00Z' }), 'warn', 'frozen since'],
    ['alerted late', month(1, { thresholds: [100] }), 'warn', '100 % only'],
    ['none', month(1, null), 'warn', 'no limit'],
  ])('%s', (_name, given, status, detail) => {
    expect(judgeBudget(given, NOW)).toMatchObject({ status, detail: expect.stringContaining(detail) });
  });
});

test('people outgrow the compact form some time after twelve million', () => {
  const node = { compactFieldsMax: 512, compactValueBytesMax: 64 } as RedisNode;
  const month = (all: number) => ({ totals: { all } }) as LedgerMonth;
  expect(judgePeopleBuckets(month(0), [node]).status).toBe('ok');
  expect(judgePeopleBuckets(month(12_000_000), [node]).status).toBe('ok');
  expect(judgePeopleBuckets(month(16_000_000), [node])).toMatchObject({
    status: 'warn',
    fix: expect.stringContaining('hash-max-listpack-entries 1024'),
  });
  // Where the server does not tell, its default is assumed.
  const silent = { compactFieldsMax: null, compactValueBytesMax: null } as RedisNode;
  expect(judgePeopleBuckets(month(7_000_000), [silent]).status).toBe('ok');
  expect(judgePeopleBuckets(month(7_000_000), [node, { ...node, compactFieldsMax: 128 }]).status).toBe(
    'warn',
  );
});

test('a journal', () => {
  expect(judgeJournal(null, 0, true).status).toBe('warn');
  expect(judgeJournal(null, 0, false).status).toBe('ok');
  expect(judgeJournal({ trouble: null, freeBytes: 10 }, 20, true).status).toBe('warn');
  expect(judgeJournal({ trouble: 'EROFS', freeBytes: 0 }, 20, true).status).toBe('error');
});

test('roles that let a browser add people', () => {
  const setup = (permissions: Partial<TwilioSetup['permissions']>) =>
    ({ permissions: { user: [], member: [], creator: [], ...permissions } }) as unknown as TwilioSetup;
  expect(judgeRoles(setup({}), false).status).toBe('ok');
  expect(judgeRoles(setup({ creator: ['addParticipant'] }), false).status).toBe('ok');
  expect(judgeRoles(setup({ user: ['createConversation'] }), false).status).toBe('ok');
  const creators = setup({ user: ['createConversation'], creator: ['addNonChatParticipant'] });
  expect(judgeRoles(creators, false).status).toBe('warn');
  expect(judgeRoles(creators, true).status).toBe('ok');
  expect(judgeRoles(setup({ member: ['addParticipant'] }), false)).toMatchObject({
    status: 'warn',
    detail: 'every member has addParticipant',
  });
});

test('notes of the configuration', () => {
  expect(judgeNotices([]).status).toBe('ok');
  expect(judgeNotices(['One.', 'Two.'])).toMatchObject({ status: 'warn', detail: 'One. Two.' });
});
