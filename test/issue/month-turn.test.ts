import { afterEach, describe, expect, test } from '@jest/globals';
import { type Month, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { settableClock } from '../support/clock.ts';
import { type Issuing, startIssuing } from './issuing.ts';
import { budgetOf, freeze } from './steer.ts';

const at = (instant: string) => Date.parse(instant);
const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
const month = (text: string) => parseMonth(text) as Month;

let issuing: Issuing;

function startAt(instant: string): Issuing {
  issuing = startIssuing({ clock: settableClock(at(instant)) });
  return issuing;
}

afterEach(() => issuing.close());

async function counted(text: string) {
  const { all, minted, reused, refused } = await issuing.ledger.totals(DEFAULT_SERVICE, month(text));
  return { all, minted, reused, refused };
}

async function mintsOf(text: string): Promise<number> {
  const page = { after: null, limit: 100 };
  return (await issuing.ledger.mints(DEFAULT_SERVICE, month(text), page)).items.length;
}

describe('in the last millisecond of a month', () => {
  test('a token counts in both months, and is logged in the one of its iat', async () => {
    const { token } = startAt('2026-12-31T23:59:59.999Z');

    const issued = await token('ada');

    expect(issued).toMatchObject({ month: '2026-12', outcome: 'minted', firstThisMonth: true });
    expect(iso(issued.issuedAt)).toBe('2026-12-31T23:59:59Z');
    expect(iso(issued.expiresAt)).toBe('2027-01-01T00:59:59Z');
    expect(new Date(issued.serverTimeMs).toISOString()).toBe('2026-12-31T23:59:59.999Z');
    expect(await counted('2026-12')).toEqual({ all: 1, minted: 1, reused: 0, refused: {} });
    expect(await counted('2027-01')).toEqual({ all: 1, minted: 0, reused: 0, refused: {} });
    expect(await mintsOf('2026-12')).toBe(1);
    expect(await mintsOf('2027-01')).toBe(0);
  });

  test('a millisecond later the month is the new one, in which the person is known already', async () => {
    const { token, clock, ask } = startAt('2026-12-31T23:59:59.999Z');
    const before = await token('ada');
    clock.advance(1);
    await freeze(issuing.ledger, month('2027-01'), '2027-01-01T00:00:00Z');

    const after = await token('ada');
    const stranger = await ask('grace');

    expect(after).toMatchObject({ month: '2027-01', outcome: 'minted', firstThisMonth: false });
    expect(after.identity).toBe(before.identity);
    expect(after.token).not.toBe(before.token);
    expect(stranger).toMatchObject({ code: 'new-identities-frozen' });
    expect(await counted('2027-01')).toMatchObject({ all: 1, minted: 1 });
    expect(await counted('2026-12')).toMatchObject({ all: 1, minted: 1 });
  });
});

describe('when the next month refuses', () => {
  test('the token ends 5 s before it, however short, and counts in its own month only', async () => {
    const { token, ledger } = startAt('2026-11-30T23:58:55.500Z');
    await ledger.configureBudget(DEFAULT_SERVICE, month('2026-12'), budgetOf({ scopes: { all: 0 } }));

    const issued = await token('ada');

    expect(iso(issued.expiresAt)).toBe('2026-11-30T23:59:55Z');
    expect(iso(issued.refreshAt)).toBe('2026-11-30T23:59:43Z');
    expect(await counted('2026-11')).toMatchObject({ all: 1, minted: 1 });
    expect(await counted('2026-12')).toMatchObject({ all: 0, minted: 0 });
  });

  test('less than 60 s are no token: the refusal is that of the next month, and nothing is counted', async () => {
    const { ask, ledger } = startAt('2026-11-30T23:58:56Z');
    await ledger.configureBudget(DEFAULT_SERVICE, month('2026-12'), budgetOf({ scopes: { all: 0 } }));

    expect(await ask('ada')).toMatchObject({
      code: 'mau-budget-exhausted',
      month: '2026-12',
      limit: 0,
      used: 0,
      resetsAt: '2027-01-01T00:00:00Z',
    });
    expect(issuing.steps).not.toContain('mint');
    for (const text of ['2026-11', '2026-12']) {
      expect(await counted(text)).toMatchObject({ all: 0, minted: 0 });
    }
  });
});

describe('a token that is cut', () => {
  test('ends within the last minute of the month, and the person comes back in the new one', async () => {
    const { token, clock } = startAt('2026-02-28T23:20:00Z');
    const cut = await token('ada');
    expect(cut.expiresAt).toBeGreaterThanOrEqual(at('2026-02-28T23:59:00Z') / 1000);
    expect(cut.expiresAt).toBeLessThanOrEqual(at('2026-02-28T23:59:55Z') / 1000);
    expect(await counted('2026-03')).toMatchObject({ all: 0 });

    clock.set(at('2026-03-01T00:00:10Z'));
    expect(await token('ada')).toMatchObject({ month: '2026-03', firstThisMonth: true, outcome: 'minted' });
  });
});
