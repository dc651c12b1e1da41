import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findChromium } from '../support/find-chromium.ts';

// Programs on a PATH of their own stand in for the system's, so that nothing is really installed.

const SCRIPT = join(import.meta.dirname, '../../scripts/provide-chromium.js');

let bin: string;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'mau-guard-provide-'));
});
afterEach(() => rmSync(bin, { recursive: true }));

function program(name: string, script = 'exit 0'): string {
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

function run(env: Record<string, string> = {}) {
  const options = { encoding: 'utf8', env: { PATH: bin, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], options);
  return { status, stdout, stderr };
}

describe('provide-chromium', () => {
  it.each(['chromium', 'chromium-browser', 'google-chrome'])('is quiet where there is %s', (name) => {
    const path = program(name);
    expect(run()).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(findChromium({ PATH: bin })).toBe(path);
  });

  it('installs it when that needs no prompt', () => {
    program('env', 'shift; exec "$@"');
    program('sudo', 'shift; exec "$@"');
    const chromium = join(bin, 'chromium');
    const install = `echo '#!/bin/sh' > "${chromium}"; /bin/chmod 755 "${chromium}"`;
    program('apt-get', `case "$1" in install) ${install};; esac`);
    const { status, stderr } = run();
    expect([status, findChromium({ PATH: bin })]).toEqual([0, chromium]);
    expect(stderr).toMatch(/^No Chromium found; running: .*apt-get update\n.*install -y.* chromium\n$/);
  });

  it('lets the other tests run without it, and says what will fail', () => {
    expect(run()).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/no Chromium.*chromium.*CHROMIUM_BIN/s),
    });
    expect(() => findChromium({ PATH: bin })).toThrow(/need Chromium.*Debian: chromium.*CHROMIUM_BIN/);
  });

  it('takes the one that is named, and no other', () => {
    const named = program('my-chromium');
    expect(run({ CHROMIUM_BIN: named }).stderr).toBe('');
    expect(findChromium({ PATH: bin, CHROMIUM_BIN: named })).toBe(named);
    program('chromium');
    expect(run({ CHROMIUM_BIN: join(bin, 'gone') }).stderr).toMatch(/no Chromium/);
  });
});
