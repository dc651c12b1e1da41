import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { type Env, faultLines, type Given, MINIMAL } from './support.ts';

const FOLDER = join(import.meta.dirname, 'faulty');

/*
 * One file per mistake. `# expect:` lines hold the faults as they are printed, all of them. A .yaml is the config
 * file beside the minimal environment; a .env changes that environment, an empty value takes a variable away.
 */
describe('a faulty configuration', () => {
  const names = readdirSync(FOLDER);

  test('is tried for at least 25 mistakes', () => {
    expect(names.length).toBeGreaterThanOrEqual(25);
  });

  test.each(names)('%s', (name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    const expected = [...text.matchAll(/^# expect: (.*)$/gm)].map((match) => match[1]);
    expect(expected.length).toBeGreaterThan(0);
    expect(faultLines(givenBy(name, text))).toEqual(expected);
  });
});

function givenBy(name: string, text: string): Given {
  if (name.endsWith('.yaml')) return { env: { ...MINIMAL, ...envOf(text) }, yaml: text };
  return { env: { ...MINIMAL, ...(parseEnv(text) as Env) } };
}

/** Variables that a .yaml needs beside it stand in its `# env:` lines. */
function envOf(yaml: string): Env {
  return parseEnv([...yaml.matchAll(/^# env: (.*)$/gm)].map((match) => match[1]).join('\n')) as Env;
}
