import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

// A stand-in for npm answers in the words of Jest, so that the arithmetic of the last line is tested in no time.

const ROOT = join(import.meta.dirname, '../..');

describe('.ci/run', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'mau-guard-ci-'));
    for (const folder of ['.ci', 'bin']) mkdirSync(join(root, folder));
    for (const file of ['.ci/run', 'package.json', 'package-lock.json', '.npmrc']) {
      copyFileSync(join(ROOT, file), join(root, file));
    }
    for (const name of ['redis-server', 'chromium']) program(name, 'exit 0');
  });

  afterEach(() => rmSync(root, { recursive: true }));

  function program(name: string, script: string) {
    writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(root, 'bin', name), 0o755);
  }

  /** @param answers what npm does, by its arguments; anything else succeeds */
  function run(answers: Record<string, string>) {
    const cases = Object.entries(answers).map(([args, script]) => `"${args}") ${script};;`);
    program('npm', `echo "$*" >> "${root}/calls"; case "$*" in ${cases.join('\n')} esac`);
    const { status, stdout } = spawnSync('bash', [join(root, '.ci/run')], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${join(root, 'bin')}${delimiter}${process.env['PATH']}` },
    });
    const calls = readFileSync(join(root, 'calls'), 'utf8').trim().split('\n');
    return { status, last: stdout.trimEnd().split('\n').at(-1), calls };
  }

  it('runs every check and counts the tests in its last line', () => {
    expect(run({ test: "echo 'Tests:       12 passed, 12 total'" })).toEqual({
      status: 0,
      last: '12 passed, 0 failed',
      calls: ['install', 'test', 'run lint', 'run typecheck', 'ci --ignore-scripts', 'run bench -- --smoke'],
    });
  });

  it('reads a coloured summary with every kind of count, and goes on after failures', () => {
    const summary =
      '\\033[1mTests:\\033[22m       \\033[31m2 failed\\033[39m, 1 skipped, 3 todo, 9 passed, 15 total';
    const { status, last, calls } = run({ test: `printf '${summary}\\n'; exit 1` });
    expect({ status, last }).toEqual({ status: 1, last: '9 passed, 2 failed, 1 skipped' });
    expect(calls).toHaveLength(6);
  });

  it('counts a failed step as one failure', () => {
    const { status, last } = run({
      test: "echo 'Tests:       12 passed, 12 total'",
      'run lint': 'exit 1',
      'ci --ignore-scripts': 'exit 1',
    });
    expect({ status, last }).toEqual({ status: 1, last: '12 passed, 2 failed' });
  });

  it('fails when the tests broke without a failed test, or never ran', () => {
    const broken = run({ test: "echo 'Tests:       12 passed, 12 total'; exit 1" });
    expect(broken).toMatchObject({ status: 1, last: '12 passed, 1 failed' });
    expect(run({ install: 'exit 1' })).toMatchObject({ status: 1, last: '0 passed, 1 failed' });
  });

  it('calls what the README tells newcomers to call', () => {
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain('npm install && npm test');
  });
});
