import { describe, expect, test } from '@jest/globals';
import { buildPriceTable } from '../../src/config/build-price-table.ts';
import { createFindings } from '../../src/config/findings.ts';
import { formatFaults } from '../../src/config/format-config.ts';
import { priceTableSchema } from '../../src/config/price-table-schema.ts';
import { buildDataJsonSchema } from '../../src/config/read-data-file.ts';
import { readShippedPrices } from '../../src/config/shipped-reckoning.ts';
import { expectShippedSchema } from './expect-shipped-schema.ts';

const HEAD = 'name: ours\ncurrency: USD\nsource: our contract\nreadOn: 2026-11-01\n';

function build(text: string) {
  const findings = createFindings();
  const table = buildPriceTable(text, 'ours.yaml', findings);
  return { table, faults: formatFaults(findings.faults).trimEnd().split('\n') };
}

/** Its faults without the place and what was expected: `tiers[1].from: a gap …`. */
function faultsOf(text: string): string[] {
  const findings = createFindings();
  expect(buildPriceTable(text, 'ours.yaml', findings)).toBeNull();
  return findings.faults.map(({ where, found }) => `${where.replace('ours.yaml:', '')}: ${found}`);
}

describe('a price table', () => {
  test('is read in whole micro-dollars', () => {
    expect(build(`${HEAD}mode: flat\nprice: 0.0475\nfreeUsers: 200\ncommit: 99.5\n`).table).toEqual({
      ...{ name: 'ours', currency: 'USD', mode: 'flat', freeUsers: 200, commitMicroDollars: 99_500_000 },
      tiers: [{ from: 1, upTo: null, microDollars: 47_500, note: null }],
      ...{ source: 'our contract', readOn: '2026-11-01' },
    });
  });

  test.each([
    [
      'a gap',
      '{ from: 1, upTo: 200, price: 0 }, { from: 301, price: 0.05 }',
      ['tiers[1].from: 301: a gap: users 201 to 300 have no price'],
    ],
    ['a gap at the beginning', '{ from: 2, price: 0.05 }', ['tiers[0].from: 2: a gap: user 1 has no price']],
    [
      'an overlap',
      '{ from: 1, upTo: 200, price: 0 }, { from: 200, price: 0.05 }',
      ['tiers[1].from: 200: an overlap with the tier before'],
    ],
    [
      'the wrong order',
      '{ from: 201, upTo: 300, price: 0.05 }, { from: 1, price: 0 }',
      [
        'tiers[0].from: 201: a gap: users 1 to 200 have no price',
        'tiers[1].from: 1: the tiers are not in rising order',
      ],
    ],
    ['an end of the last tier', '{ from: 1, upTo: 200, price: 0 }', ['tiers[0].upTo: 200']],
    ['no end of another tier', '{ from: 1, price: 0 }, { from: 2, price: 0.05 }', ['tiers[0].upTo: nothing']],
    [
      'an end before the beginning',
      '{ from: 1, upTo: 5, price: 0 }, { from: 6, upTo: 3, price: 1 }, { from: 4, price: 1 }',
      ['tiers[1].upTo: 3'],
    ],
    ['no tier at all', '', ['tiers: nothing']],
  ])('with %s is refused', (_, tiers, faults) => {
    expect(faultsOf(`${HEAD}mode: graduated\ntiers: [${tiers}]\n`)).toEqual(faults);
  });

  test.each([
    ['another currency', `${HEAD.replace('USD', 'EUR')}mode: flat\nprice: 0.05\n`, ['currency: "EUR"']],
    ['a seventh decimal', `${HEAD}mode: flat\nprice: 0.0000001\n`, ['price: 1e-7']],
    ['a negative price', `${HEAD}mode: flat\nprice: -1\n`, ['price: -1']],
    ['a price as a text', `${HEAD}mode: flat\nprice: "$0.05"\n`, ['price: "$0.05"']],
    ['no price', `${HEAD}mode: flat\n`, ['price: nothing']],
    [
      'tiers in mode flat',
      `${HEAD}mode: flat\nprice: 1\ntiers: [{ from: 1, price: 1 }]\n`,
      ['tiers: a list'],
    ],
    [
      'free users beside graduated tiers',
      `${HEAD}mode: graduated\nfreeUsers: 5\ntiers: [{ from: 1, price: 1 }]\n`,
      ['freeUsers: 5'],
    ],
    [
      'an unknown mode and an unknown key',
      `${HEAD}mode: stepped\nprize: 0.05\n`,
      ['mode: "stepped"', 'prize: an unknown key'],
    ],
    [
      'an empty file',
      '',
      ['name: nothing', 'currency: nothing', 'mode: nothing', 'source: nothing', 'readOn: nothing'],
    ],
    ['no YAML', 'tiers: [', ['1: wrong indentation, or a bracket that is not closed']],
  ])('with %s is refused', (_, text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  test('names place, line and what was expected', () => {
    expect(
      build(`${HEAD}mode: volume\ntiers:\n  - { from: 1, upTo: 9, price: 1 }\n  - { from: 11, price: 1 }\n`)
        .faults,
    ).toEqual([expect.stringMatching(/ours\.yaml:tiers\[1\]\.from.*8.*10.*a gap: user 10 has no price/)]);
  });
});

describe('the shipped tables', () => {
  test('are the flat one and the public list, each with its source and date', () => {
    expect(readShippedPrices().map(({ name, mode, readOn }) => ({ name, mode, readOn }))).toEqual([
      { name: 'flat', mode: 'flat', readOn: '2026-09-20' },
      { name: 'twilio-public-2026-09', mode: 'graduated', readOn: '2026-09-20' },
    ]);
  });

  test('have a JSON Schema beside them', () => {
    expectShippedSchema('config/prices/price-table.schema.json', buildDataJsonSchema(priceTableSchema));
  });
});
