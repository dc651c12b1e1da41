// Only the ledger on Redis keeps limits as texts.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Month, monthEndSeconds, monthStartSeconds } from '../../../../src/domain/month.ts';
import type { Budget, Raise } from '../../../../src/ledger/budget.ts';
import { checkBudget } from '../../../../src/ledger/budget-rules.ts';
import { codesInLimits, recodeLimits } from '../../../../src/ledger/redis/steering/limits-text.ts';
import { LedgerCase } from '../../contract/ledger-case.ts';
import { months, names, numberUpTo, RUNS, secondIn, U32_MAX, usePackingStore } from './packing-kit.ts';

type Fields = Record<string, string>;

const store = usePackingStore();

const LIMITS_LUA = new URL('../../../../src/ledger/redis/lua/includes/limits.lua', import.meta.url);

const places = numberUpTo(U32_MAX);
const byName = (values: fc.Arbitrary<number>) => fc.dictionary(names, values, { maxKeys: 3 });

const budgets: fc.Arbitrary<Budget> = fc
  .record({
    mode: fc.constantFrom('off' as const, 'warn' as const, 'block' as const),
    ...{ all: fc.option(places), everyTenant: fc.option(places) },
    ...{
      classes: byName(places),
      tenants: byName(places),
      reserve: byName(places),
      priorities: byName(places),
    },
    thresholds: fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { maxLength: 100 }),
    spikeGuard: fc.option(
      fc.record({
        factor: fc.oneof(
          fc.constantFrom(1.000_001, 1.5, 3, 1e6),
          fc.double({ min: 1.01, max: 1e6, noNaN: true }),
        ),
        ...{ minimum: places, mode: fc.constantFrom('warn' as const, 'block' as const) },
      }),
    ),
  })
  .map(({ all, everyTenant, classes, tenants, thresholds, ...budget }) => ({
    ...budget,
    thresholds: thresholds.sort((one, other) => one - other),
    scopes: Object.fromEntries([
      ...(all === null ? [] : [['all', all]]),
      ...(everyTenant === null ? [] : [['tenant:*', everyTenant]]),
      ...Object.entries(classes).map(([name, limit]) => [`class:${name}`, limit]),
      // `*` is no tenant, but every one.
      ...Object.entries(tenants).flatMap(([name, limit]) =>
        name === '*' ? [] : [[`tenant:${name}`, limit]],
      ),
    ]),
  }));

function raisesIn(month: Month): fc.Arbitrary<Raise[]> {
  const [starts, ends] = [monthStartSeconds(month), monthEndSeconds(month)];
  const raise = fc.record({
    ...{ id: fc.uuid(), month: fc.constant(month), identities: places, reason: names, by: names },
    scope: fc.oneof(
      fc.constant('all'),
      names.map((name) => `class:${name}`),
    ) as fc.Arbitrary<Raise['scope']>,
    expiresAt: fc.oneof(fc.constantFrom(starts + 1, ends), secondIn(month)),
    createdAt: fc.nat(1_000).map((second) => starts + second),
  });
  return fc.uniqueArray(raise, { maxLength: 4, selector: ({ id }) => id });
}

/** What `limits_of` makes of the limits of a service, spelled out. */
async function readByScript(key: string, month: Month): Promise<Fields> {
  const script = `${readFileSync(LIMITS_LUA, 'utf8')}
    local limits, found = limits_of({ name = ARGV[1] }, KEYS[1]), {}
    local function spell(value)
      -- As JavaScript does, which is the shortest text that reads as the same number.
      if type(value) ~= 'number' then return tostring(value) end
      for digits = 1, 17 do
        local text = string.format('%.' .. digits .. 'g', value)
        if tonumber(text) == value and not string.find(text, 'e') then return text end
      end
    end
    local function tell(name, value)
      found[#found + 1], found[#found + 2] = name, spell(value)
    end
    tell('mode', limits.mode)
    tell('frozen', limits.frozen)
    tell('thresholds', table.concat(limits.thresholds, ','))
    for scope, limit in pairs(limits.scopes) do tell(scope, limit) end
    for class, kept in pairs(limits.reserve) do tell('reserve:' .. class, kept) end
    for class, rank in pairs(limits.priorities) do tell('priority:' .. class, rank) end
    local spike = limits.spike
    if spike then tell('spike', table.concat({ spell(spike.factor), spell(spike.minimum), spell(spike.blocks) }, ' ')) end
    for i = 1, #limits.raises do
      local raise = limits.raises[i]
      tell('raise:' .. raise.scope .. ' ' .. spell(raise.identities) .. ' ' .. spell(raise.ends), '')
    end
    return found`;
  const found = (await store.admin.eval(script, 1, key, month)) as string[];
  return Object.fromEntries(
    found.flatMap((word, at) => (at % 2 === 0 ? [[word, found[at + 1] as string]] : [])),
  );
}

test('a budget is read by the gateway as it was set, and by the script as the same', async () => {
  const cases = months.chain((month) =>
    fc.record({ month: fc.constant(month), budget: budgets, raises: raisesIn(month) }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ month, budget, raises }) => {
      const c = new LedgerCase(store);
      await c.budget(month, budget);
      for (const raise of raises) await c.change({ kind: 'raise', raise });
      const limits = await c.limits(month);
      expect(limits).toMatchObject({ budget, source: 'configured', frozenSince: null });
      expect(new Map(limits.raises.map((raise) => [raise.id, raise]))).toEqual(
        new Map(raises.map((raise) => [raise.id, raise])),
      );

      const codes = await store.admin.hgetall(`mg:{${c.service}}:names`);
      const read = await readByScript(`mg:{${c.service}}:limits`, month);
      expect(read).toEqual(spellLimits(budget, raises, codes));

      // What a mint keeps of it.
      const className = Object.keys({ ...budget.reserve, ...budget.priorities })[0] ?? 'member';
      const at = monthStartSeconds(month) + 43_200;
      const none = { all: () => 0, ofClass: () => 0, ofTenant: () => 0, newThisHour: () => 0 };
      const checks = checkBudget({ budget, raises, month }, { className, tenant: null, at }, none);
      const outcome = checks.some(({ passes, blocks }) => blocks && !passes) ? 'refused' : 'new';
      const instant = new Date(at * 1000).toISOString();
      expect(await c.admit('one', instant, { className })).toMatchObject({ outcome });
    }),
    RUNS,
  );
});

/** Limits in the words of {@link readByScript}. */
function spellLimits(budget: Budget, raises: readonly Raise[], codes: Fields): Fields {
  const { mode, thresholds, scopes, reserve, priorities, spikeGuard } = budget;
  const coded = (scope: string) =>
    scope === 'all' || scope === 'tenant:*' ? scope : `${scope.split(':')[0]}:${codes[scope]}`;
  const ofClasses = (kind: string, amounts: Record<string, number>) =>
    Object.entries(amounts).map(([name, amount]) => [`${kind}:${codes[`class:${name}`]}`, amount]);
  const fields = [
    ...[
      ['mode', mode],
      ['frozen', ''],
      ['thresholds', thresholds.join(',')],
    ],
    ...Object.entries(scopes).map(([scope, limit]) => [coded(scope), limit]),
    ...[...ofClasses('reserve', reserve), ...ofClasses('priority', priorities)],
    ...(spikeGuard === null
      ? []
      : [['spike', `${spikeGuard.factor} ${spikeGuard.minimum} ${spikeGuard.mode === 'block'}`]]),
    ...raises.map(({ scope, identities, expiresAt, month }) => [
      ...[`raise:${coded(scope)} ${identities} ${expiresAt - monthStartSeconds(month)}`, ''],
    ]),
  ];
  return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]));
}

test('the same text under other codes and back is the text', async () => {
  const cases = months.chain((month) => fc.record({ month: fc.constant(month), budget: budgets }));
  await fc.assert(
    fc.asyncProperty(cases, async ({ month, budget }) => {
      const c = new LedgerCase(store);
      await c.budget(month, budget);
      const text = (await store.admin.hget(`mg:{${c.service}}:limits`, `configured:${month}`)) ?? '';
      const named = (_kind: string, code: number) => `name-${code}`;
      const other = recodeLimits(text, named, (_kind, name) => Number(name.slice(5)) + 1_000_000);
      const back = recodeLimits(other, named, (_kind, name) => Number(name.slice(5)) - 1_000_000);
      expect(back).toBe(text);
      const [before, after] = [new Set<never>(), new Set<never>()];
      codesInLimits([text], before);
      codesInLimits([other], after);
      expect(after.size).toBe(before.size);
    }),
    { ...RUNS, numRuns: 20 },
  );
});
