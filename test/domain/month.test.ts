import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  dayNamesOf,
  daysInMonth,
  monthEndSeconds,
  monthOf,
  monthStartSeconds,
  nextMonth,
  parseMonth,
  parseNamedMonth,
  previousMonth,
} from '../../src/domain/month.ts';

const month = (text: string) => {
  const parsed = parseMonth(text);
  if (parsed === null) throw new Error(`not a month: ${text}`);
  return parsed;
};

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

describe('parseMonth', () => {
  test.each(['1970-01', '1999-12', '2000-02', '2026-11', '9998-12'])('reads %s', (text) => {
    expect(parseMonth(text)).toBe(text);
  });

  test.each([
    '',
    '2026',
    '2026-1',
    '2026-00',
    '2026-13',
    '26-11',
    '02026-11',
    '2026-11-01',
    '2026/11',
    ' 2026-11',
    '2026-11 ',
    '2026-11\n',
    '٢٠٢٦-١١',
    '-026-11',
    '1969-12',
    '0000-01',
    '9999-01',
    'current',
    '2026-1e',
  ])('refuses %j', (text) => {
    expect(parseMonth(text)).toBeNull();
  });
});

test.each([
  ['current', '2026-11'],
  ['2025-02', '2025-02'],
  ['Current', null],
  ['', null],
])('parseNamedMonth reads %j at an instant of November as %s', (text, expected) => {
  expect(parseNamedMonth(text, Date.parse('2026-11-20T21:00:00Z'))).toBe(expected);
});

describe('monthOf', () => {
  test.each([
    ['2024-02-29T23:59:59.999Z', '2024-02'],
    ['2024-03-01T00:00:00.000Z', '2024-03'],
    ['2025-02-28T23:59:59.999Z', '2025-02'],
    ['2025-03-01T00:00:00.000Z', '2025-03'],
    ['2026-12-31T23:59:59.999Z', '2026-12'],
    ['2027-01-01T00:00:00.000Z', '2027-01'],
    ['1970-01-01T00:00:00.000Z', '1970-01'],
  ])('%s lies in %s', (instant, expected) => {
    expect(monthOf(Date.parse(instant))).toBe(expected);
  });

  test('is UTC whatever the time zone of the machine', () => {
    // In no zone west of Greenwich is this December any more, in none east of it November.
    expect(monthOf(Date.parse('2026-11-30T23:30:00-05:00'))).toBe('2026-12');
    expect(monthOf(Date.parse('2026-12-01T00:30:00+14:00'))).toBe('2026-11');
  });
});

describe('the edges of a month', () => {
  test.each([
    ['2024-02', '2024-02-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z', 29],
    ['2025-02', '2025-02-01T00:00:00.000Z', '2025-03-01T00:00:00.000Z', 28],
    ['2000-02', '2000-02-01T00:00:00.000Z', '2000-03-01T00:00:00.000Z', 29],
    ['2100-02', '2100-02-01T00:00:00.000Z', '2100-03-01T00:00:00.000Z', 28],
    ['2026-04', '2026-04-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z', 30],
    ['2026-12', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z', 31],
  ])('%s: from %s to %s, %i days', (text, start, end, days) => {
    expect(iso(monthStartSeconds(month(text)))).toBe(start);
    expect(iso(monthEndSeconds(month(text)))).toBe(end);
    expect(daysInMonth(month(text))).toBe(days);
    const names = dayNamesOf(month(text));
    expect([names.length, names[0], names.at(-1)]).toEqual([days, '01', String(days)]);
  });

  test('the neighbours of December and January lie in other years', () => {
    expect(nextMonth(month('2026-12'))).toBe('2027-01');
    expect(previousMonth(month('2027-01'))).toBe('2026-12');
    expect(nextMonth(month('2024-01'))).toBe('2024-02');
    expect(previousMonth(month('2024-03'))).toBe('2024-02');
  });
});

describe('months', () => {
  const instants = fc.integer({ min: 0, max: Date.UTC(9998, 11, 31) });

  test('follow each other without gap or overlap, and sort as text', () => {
    fc.assert(
      fc.property(instants, (ms) => {
        const here = monthOf(ms);
        expect(parseMonth(here)).toBe(here);
        expect(monthStartSeconds(here) * 1000).toBeLessThanOrEqual(ms);
        expect(ms).toBeLessThan(monthEndSeconds(here) * 1000);
        expect(monthOf(monthStartSeconds(here) * 1000)).toBe(here);
        expect(monthOf(monthEndSeconds(here) * 1000 - 1)).toBe(here);
        expect(monthStartSeconds(nextMonth(here))).toBe(monthEndSeconds(here));
        expect(previousMonth(nextMonth(here))).toBe(here);
        expect(here < nextMonth(here)).toBe(true);
      }),
    );
  });
});
