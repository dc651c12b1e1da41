import { describe, expect, test } from '@jest/globals';
import { faultLines, loaded, MINIMAL } from './support.ts';

const RULES = `version: our-2026-12
title: Our contract
unit: identities
low: [messaged]
high: [messaged]
statements: [{ signal: messaged, verdict: agreed, says: it counts, source: our contract, readOn: 2026-11 }]
`;
const PRICES =
  'name: ours\ncurrency: USD\nmode: flat\nprice: 0.03\nsource: our contract\nreadOn: 2026-11-01\n';

const given = (yaml: string, files: Record<string, string> = {}) => ({ env: MINIMAL, yaml, files });

describe('how figures come about', () => {
  test('without configuration: all texts of Twilio, and a flat price', () => {
    const { settings, sources } = loaded({ env: MINIMAL });
    const { rules, ruleSets, prices } = settings.reckoning;
    expect([rules.version, prices.name, ruleSets.length]).toEqual(['twilio-2026-11', 'flat', 5]);
    expect(sources['countingRules']).toEqual({ value: 'twilio-2026-11', source: 'default' });
    expect(sources['prices']).toEqual({ value: 'flat', source: 'default' });
  });

  test('by shipped names', () => {
    const yaml = 'countingRules: silent-free-2026-06\nprices: twilio-public-2026-09\n';
    const { settings, sources } = loaded(given(yaml));
    const { rules, ruleSets, prices } = settings.reckoning;
    expect([rules.version, prices.name, ruleSets.length]).toEqual([
      'silent-free-2026-06',
      'twilio-public-2026-09',
      5,
    ]);
    expect(sources['prices']?.source).toBe('file config/mau-guard.yaml');
  });

  test('by files of one’s own, beside the shipped sets', () => {
    const yaml = 'countingRules: ./rules/ours.yaml\nprices: ours.yaml\n';
    const { reckoning } = loaded(given(yaml, { 'rules/ours.yaml': RULES, 'ours.yaml': PRICES })).settings;
    expect(reckoning.rules).toMatchObject({ version: 'our-2026-12', low: ['messaged'] });
    expect(reckoning.ruleSets.map(({ version }) => version)).toEqual(
      expect.arrayContaining(['our-2026-12', 'twilio-2026-11', 'per-conversation-2026-06']),
    );
    expect(reckoning.prices).toMatchObject({ name: 'ours', tiers: [{ microDollars: 30_000 }] });
  });

  test('in demo mode too', () => {
    const { demo, reckoning } = loaded({ yaml: 'prices: twilio-public-2026-09\n' }).settings;
    expect([demo, reckoning.prices.name]).toEqual([true, 'twilio-public-2026-09']);
  });
});

test('every fault of both files is told at once, each with its line', () => {
  const yaml = 'countingRules: rules.yaml\nprices: prices.yaml\n';
  const files = {
    'rules.yaml': RULES.replace('high: [messaged]', 'high: [read]'),
    'prices.yaml': PRICES.replace('USD', 'EUR'),
  };
  const lines = faultLines(given(yaml, files));
  expect(lines).toHaveLength(3);
  expect(lines.join('\n')).toMatch(
    /rules\.yaml:low\[0\].*\n.*rules\.yaml:statements.*\n.*prices\.yaml:currency/,
  );
});

test('a name that comes with the package is taken', () => {
  const files = { 'rules.yaml': RULES.replace('our-2026-12', 'twilio-2026-11') };
  expect(faultLines(given('countingRules: rules.yaml\n', files))[0]).toMatch(
    /rules\.yaml:version.*"twilio-2026-11", which comes with the package/,
  );
});
