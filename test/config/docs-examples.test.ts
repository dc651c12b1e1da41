import { expect, test } from '@jest/globals';
import { RULES, SHADOW_RULES } from '../../src/policy/rules.ts';
import { loaded, MINIMAL, readRepositoryFile } from './support.ts';

const text = readRepositoryFile('docs/policies.md');
const blocks = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map((match) => match[1] as string);

test.each(blocks)('the example %# of docs/policies.md is valid', (yaml) => {
  expect(loaded({ env: MINIMAL, yaml }).settings.demo).toBe(false);
});

test('all examples of docs/policies.md go together', () => {
  const { settings } = loaded({ env: MINIMAL, yaml: blocks.join('\n') });
  expect(settings.services[0]?.budget?.priorities).toEqual({ member: 0, guest: 0, agent: 10, test: 0 });
});

test('docs/policies.md and the config file name every rule, in order', () => {
  const named = [...text.matchAll(/^\| `([a-z-]+)` \| .*\|$/gm)].map((match) => match[1]);
  expect(named.filter((name) => name?.includes('-') && RULES.some((rule) => rule.name === name))).toEqual(
    RULES.map(({ name }) => name),
  );
  for (const name of SHADOW_RULES) expect(readRepositoryFile('config/mau-guard.yaml')).toContain(name);
});
