#!/usr/bin/env node
// Runs before the tests. They speak to a real redis-server and run the built program, so both must be there:
// redis-server from PATH (or REDIS_SERVER_BIN), else installed when that needs no prompt, else a clear error.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const OLDEST = [6, 2];

/** How each package manager installs Redis, in the order they are tried. Homebrew refuses to run as root. */
const INSTALLERS = [
  {
    manager: 'apt-get',
    asRoot: true,
    commands: [
      ['apt-get', 'update'],
      ['apt-get', 'install', '-y', '--no-install-recommends', 'redis-server'],
    ],
  },
  { manager: 'dnf', asRoot: true, commands: [['dnf', 'install', '-y', 'redis']] },
  { manager: 'yum', asRoot: true, commands: [['yum', 'install', '-y', 'redis']] },
  { manager: 'apk', asRoot: true, commands: [['apk', 'add', '--no-cache', 'redis']] },
  { manager: 'pacman', asRoot: true, commands: [['pacman', '-S', '--noconfirm', 'redis']] },
  { manager: 'brew', asRoot: false, commands: [['brew', 'install', 'redis']] },
];

class Fault extends Error {}

/** The version's parts, or null when there is no such program. */
function redisVersion(binary) {
  const { status, stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  if (status !== 0) return null;
  const found = /v=(\d+)\.(\d+)\.(\d+)/.exec(stdout);
  if (!found) throw new Fault(`${binary} --version does not look like a Redis server: ${stdout.trim()}`);
  return found.slice(1).map(Number);
}

function requireRecent(binary, [major, minor, patch]) {
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new Fault(
    `${binary} is version ${major}.${minor}.${patch}; the tests need Redis ${OLDEST.join('.')} or newer. ` +
      'Upgrade it, or name another one in REDIS_SERVER_BIN.',
  );
}

function runs(command, ...args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** What to put before a command so that it may install without a prompt; null when it may not. */
function elevation({ asRoot }) {
  const root = process.getuid?.() === 0;
  if (!asRoot) return root ? null : [];
  if (root) return [];
  return runs('sudo', '-n', 'true') ? ['sudo', '-n'] : null;
}

function install() {
  const installer = INSTALLERS.find(({ manager }) => runs(manager, '--version'));
  const prefix = installer && elevation(installer);
  if (!prefix) return false;
  for (const command of installer.commands) {
    const [program, ...args] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', ...command];
    console.error(`No redis-server found; running: ${[...prefix, ...command].join(' ')}`);
    // Its output goes to stderr too, so that stdout stays the tests' own.
    spawnSync(program, args, { stdio: ['ignore', 2, 2] });
  }
  return true;
}

function provideRedis() {
  const chosen = process.env['REDIS_SERVER_BIN'];
  const binary = chosen || 'redis-server';
  let version = redisVersion(binary);
  if (!version && chosen) throw new Fault(`REDIS_SERVER_BIN names ${chosen}, which cannot be run.`);
  if (!version && install()) version = redisVersion(binary);
  if (!version) {
    throw new Fault(
      `The tests need a real redis-server, ${OLDEST.join('.')} or newer, and it could not be installed without a prompt.\n` +
        'Install it (Debian, Ubuntu: redis-server; Fedora, Alpine, Arch, Homebrew: redis) so that it is on PATH,\n' +
        'or name the program in REDIS_SERVER_BIN, and run the tests again.',
    );
  }
  requireRecent(binary, version);
}

try {
  provideRedis();
  const build = spawnSync(process.execPath, [join(import.meta.dirname, 'build.js')], { stdio: 'inherit' });
  process.exitCode = build.status ?? 1;
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
