import { expect, test } from '@jest/globals';
import { buildPriceTable } from '../../src/config/build-price-table.ts';
import { createFindings } from '../../src/config/findings.ts';
import { readShippedRules } from '../../src/config/shipped-reckoning.ts';
import { runCli } from '../cli/support.ts';
import { readRepositoryFile } from './support.ts';

const money = readRepositoryFile('docs/money.md');

test('the price table in docs/money.md is valid', () => {
  const yaml = [...money.matchAll(/^```yaml\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
  const findings = createFindings();
  const table = buildPriceTable(yaml.find((text) => text.startsWith('name:')) ?? '', 'doc', findings);
  expect([findings.faults, table?.tiers.length]).toEqual([[], 3]);
});

test('the estimate in docs/money.md is what the command prints', async () => {
  const [, command = '', shown = ''] = /^\$ mau-guard (estimate [^\n]*)\n(.*?)^```$/ms.exec(money) ?? [];
  const { stdout } = await runCli(command.split(' '));
  expect(stdout.startsWith(shown)).toBe(true);
  expect(shown).toContain('718.00');
});

test('docs/counting.md and the comment in the config file name every shipped set', () => {
  const [counting, config] = ['docs/counting.md', 'config/mau-guard.yaml'].map(readRepositoryFile);
  for (const { version } of readShippedRules()) {
    expect(counting).toContain(`| \`${version}\``);
    expect(config).toContain(version);
  }
});
