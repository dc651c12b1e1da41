#!/usr/bin/env node
// Runs before the tests, some of which drive a real Chromium: from CHROMIUM_BIN or PATH, else installed when that needs
// no prompt. Without it the other tests still run, and those that need it fail and say so.
import { spawnSync } from 'node:child_process';

/** test/support/find-chromium.ts tries the same. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** How each package manager installs it, in the order they are tried. Others do not have it, or not by that name. */
const INSTALLERS = [
  {
    manager: 'apt-get',
    commands: [
      ['apt-get', 'update'],
      ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium'],
    ],
  },
  { manager: 'dnf', commands: [['dnf', 'install', '-y', 'chromium']] },
  { manager: 'apk', commands: [['apk', 'add', '--no-cache', 'chromium']] },
  { manager: 'pacman', commands: [['pacman', '-S', '--noconfirm', 'chromium']] },
];

function runs(command, ...args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function isThere() {
  const chosen = process.env['CHROMIUM_BIN'];
  return (chosen ? [chosen] : NAMES).some((name) => runs(name, '--version'));
}

/** What to put before a command so that it may install without a prompt; null when it may not. */
function elevation() {
  if (process.getuid?.() === 0) return [];
  return runs('sudo', '-n', 'true') ? ['sudo', '-n'] : null;
}

function install() {
  const installer = INSTALLERS.find(({ manager }) => runs(manager, '--version'));
  const prefix = installer && elevation();
  for (const command of prefix ? installer.commands : []) {
    const [program, ...args] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', ...command];
    console.error(`No Chromium found; running: ${[...prefix, ...command].join(' ')}`);
    // Its output goes to stderr too, so that stdout stays the tests' own.
    spawnSync(program, args, { stdio: ['ignore', 2, 2] });
  }
}

if (!isThere() && !process.env['CHROMIUM_BIN']) install();
if (!isThere()) {
  console.error(
    'There is no Chromium: the tests in a browser will fail. Install it (Debian, Fedora, Alpine, Arch: chromium), or name ' +
      'the program in CHROMIUM_BIN.',
  );
}
