import { describe, expect, test } from '@jest/globals';
import { buildCountingRules } from '../../src/config/build-counting-rules.ts';
import { countingRulesSchema } from '../../src/config/counting-rules-schema.ts';
import { createFindings } from '../../src/config/findings.ts';
import { buildDataJsonSchema } from '../../src/config/read-data-file.ts';
import { DEFAULT_RULES, readShippedRules } from '../../src/config/shipped-reckoning.ts';
import { SIGNALS } from '../../src/domain/signal.ts';
import { expectShippedSchema } from './expect-shipped-schema.ts';

const STATEMENT =
  '{ signal: messaged, verdict: agreed, says: it counts, source: our contract, readOn: 2026-11 }';
const HEAD = 'version: ours\ntitle: Our contract\nunit: identities\n';

function faultsOf(text: string): string[] {
  const findings = createFindings();
  expect(buildCountingRules(text, 'ours.yaml', findings)).toBeNull();
  return findings.faults.map(({ where, found }) => `${where.replace('ours.yaml:', '')}: ${found}`);
}

describe('counting rules', () => {
  test.each([
    [
      'a low signal that is not high',
      `${HEAD}low: [read]\nhigh: [messaged]\nstatements: [${STATEMENT}]\n`,
      ['low[0]: read, which is not'],
    ],
    [
      'a signal twice',
      `${HEAD}low: []\nhigh: [messaged, messaged]\nstatements: [${STATEMENT}]\n`,
      ['high[1]: messaged again'],
    ],
    [
      'a source that is no safe link',
      `${HEAD}low: []\nhigh: [messaged]\nstatements: [${STATEMENT.replace('our contract', '"javascript:alert(1)"')}]\n`,
      ['statements[0].source: "javascript:alert(1)"'],
    ],
    [
      'nothing that counts',
      `${HEAD}low: []\nhigh: []\nstatements: [${STATEMENT}]\n`,
      ['high: an empty list'],
    ],
    [
      'a signal nobody speaks of',
      `${HEAD}low: []\nhigh: [messaged, read]\nstatements: [${STATEMENT}]\n`,
      ['statements: none for read'],
    ],
    [
      'signals where conversations are billed',
      `${HEAD.replace('identities', 'conversations')}low: []\nhigh: [messaged]\nstatements: [${STATEMENT}]\n`,
      ['high[0]: messaged'],
    ],
    [
      'an unknown signal and a misspelt key',
      `${HEAD}low: [logged-in]\nhihg: []\nstatements: [${STATEMENT}]\n`,
      ['low[0]: "logged-in"', 'high: nothing', 'hihg: an unknown key'],
    ],
  ])('with %s are refused', (_, text, faults) => {
    expect(faultsOf(text).sort()).toEqual([...faults].sort());
  });
});

describe('the shipped sets', () => {
  const sets = readShippedRules();

  test('are all there, the default among them', () => {
    expect(sets.map(({ version, unit }) => `${version} ${unit}`)).toEqual([
      'audit-article-2026-11 identities',
      'identity-page-2026-11 identities',
      'per-conversation-2026-06 conversations',
      'silent-free-2026-06 identities',
      'twilio-2026-11 identities',
    ]);
    expect(sets.map(({ version }) => version)).toContain(DEFAULT_RULES);
  });

  test.each(sets)('$version says of each signal that counts why, where and when it was read', (rules) => {
    for (const { says, source, readOn } of rules.statements) {
      expect(says.length).toBeGreaterThan(20);
      expect(source).toMatch(/^https:\/\/(www|help)\.twilio\.com\/|consultant/);
      expect(readOn).toMatch(/^\d{4}-\d{2}$/);
    }
  });

  test('the default counts low exactly what nobody disputes, and high everything', () => {
    const { statements, low, high } = sets.find(({ version }) => version === DEFAULT_RULES)!;
    const agreed = statements.filter(({ verdict }) => verdict === 'agreed');
    expect(new Set(statements.map(({ signal }) => signal))).toEqual(new Set(SIGNALS));
    expect(new Set(statements.map(({ source }) => source)).size).toBe(3);
    expect(new Set(low)).toEqual(new Set(agreed.map(({ signal }) => signal)));
    expect(new Set(high)).toEqual(new Set(SIGNALS));
  });

  test('read the disputed acts differently', () => {
    const counted = (version: string) => {
      const { low, high } = sets.find((rules) => rules.version === version)!;
      const of = (signal: (typeof SIGNALS)[number]) =>
        low.includes(signal) ? 'yes' : high.includes(signal) ? 'perhaps' : 'no';
      return ['minted', 'joined', 'read', 'left', 'updated'].map((signal) => of(signal as 'read')).join(' ');
    };
    expect(counted('twilio-2026-11')).toBe('perhaps yes perhaps perhaps perhaps');
    expect(counted('identity-page-2026-11')).toBe('no yes no yes yes');
    expect(counted('audit-article-2026-11')).toBe('no yes yes perhaps perhaps');
    expect(counted('silent-free-2026-06')).toBe('no no perhaps no no');
  });

  test('have a JSON Schema beside them', () => {
    expectShippedSchema('config/rules/counting-rules.schema.json', buildDataJsonSchema(countingRulesSchema));
  });
});
