import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

// Programs on a PATH of their own stand in for the system's, so that nothing is really installed.

const SCRIPT = join(import.meta.dirname, '../../scripts/provide-redis.js');

const REDIS_7 = 'echo "Redis server v=7.2.4 sha=00000000:0 malloc=libc bits=64 build=1"';
const REDIS_6_0 = 'echo "Redis server v=6.0.16 sha=00000000:0 malloc=libc bits=64 build=1"';

describe('provide-redis', () => {
  let root: string;
  let bin: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'mau-guard-provide-'));
    bin = join(root, 'bin');
    mkdirSync(bin);
    mkdirSync(join(root, 'scripts'));
    copyFileSync(SCRIPT, join(root, 'scripts/provide-redis.js'));
    writeFileSync(
      join(root, 'scripts/build.js'),
      "import { writeFileSync } from 'node:fs'; writeFileSync(new URL('../built', import.meta.url), '');",
    );
  });

  afterEach(() => rmSync(root, { recursive: true }));

  function program(name: string, script: string): string {
    const path = join(bin, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  /** A package manager that needs no prompt, whoever runs the tests: root, or someone with sudo. */
  function packageManager(install: string) {
    program('env', 'shift; exec "$@"');
    program('sudo', 'shift; exec "$@"');
    program('apt-get', `case "$1" in --version) exit 0;; install) ${install};; esac`);
  }

  function run(env: Record<string, string> = {}) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/provide-redis.js')], {
      encoding: 'utf8',
      env: { PATH: bin, ...env },
    });
    return { status, stdout, stderr, built: existsSync(join(root, 'built')) };
  }

  it('is quiet about a server that is there, and builds', () => {
    program('redis-server', REDIS_7);
    expect(run()).toEqual({ status: 0, stdout: '', stderr: '', built: true });
  });

  it('installs a missing server, says so on stderr, and goes on', () => {
    const redis = join(bin, 'redis-server');
    packageManager(`printf '#!/bin/sh\\n${REDIS_7}\\n' > ${redis}; /bin/chmod +x ${redis}`);
    const { status, stdout, stderr, built } = run();
    expect({ status, stdout, built }).toEqual({ status: 0, stdout: '', built: true });
    expect(stderr).toMatch(/No redis-server found; running: (sudo -n )?apt-get install -y .*redis-server/);
  });

  it('names what to install when nothing can be installed without a prompt', () => {
    program('sudo', 'exit 1');
    const { status, stderr, built } = run();
    expect({ status, built }).toEqual({ status: 1, built: false });
    expect(stderr).toMatch(/real redis-server, 6\.2 or newer/);
    expect(stderr).toMatch(/REDIS_SERVER_BIN/);
    expect(stderr).not.toMatch(/ {4}at /);
  });

  it('says the same when the installation did not help', () => {
    packageManager('exit 100');
    const { status, stderr } = run();
    expect(status).toBe(1);
    expect(stderr).toMatch(/could not be installed/);
  });

  it('refuses a server that is too old, and says which it found', () => {
    const path = program('redis-server', REDIS_6_0);
    expect(run()).toMatchObject({ status: 1, built: false, stderr: expect.stringContaining('6.0.16') });
    expect(run({ REDIS_SERVER_BIN: path }).stderr).toContain(path);
  });

  it('takes the server that REDIS_SERVER_BIN names', () => {
    program('redis-server', REDIS_6_0);
    expect(run({ REDIS_SERVER_BIN: program('other-redis', REDIS_7) })).toMatchObject({
      status: 0,
      built: true,
    });
  });

  it('refuses a REDIS_SERVER_BIN that cannot be run, and does not install another', () => {
    packageManager(`: > ${join(root, 'installed')}`);
    const { status, stderr } = run({ REDIS_SERVER_BIN: '/no/such/redis' });
    expect(status).toBe(1);
    expect(stderr).toContain('/no/such/redis');
    expect(existsSync(join(root, 'installed'))).toBe(false);
  });

  it('ends as the build ends', () => {
    program('redis-server', REDIS_7);
    writeFileSync(join(root, 'scripts/build.js'), 'process.exitCode = 2;');
    expect(run().status).toBe(2);
  });
});
