import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { VARIABLE_NAMES, variable } from '../../src/config/variables.ts';
import { buildOpenApi } from '../../src/http/openapi/document.ts';
import { PROBLEM_KINDS } from '../../src/http/problem-kinds.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = ['deploy', 'runbook', 'upgrade', 'sizing'];

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Entries of the runbook under a heading, by name. */
function entriesUnder(heading: string): Map<string, string> {
  const [, rest = ''] = read('docs/runbook.md').split(`\n## ${heading}\n`);
  const [section = ''] = rest.split('\n## ');
  const entries = section.split(/^### /m).slice(1);
  return new Map(
    entries.map((entry) => {
      const end = entry.indexOf('\n');
      return [entry.slice(0, end).replaceAll('`', ''), entry.slice(end)];
    }),
  );
}

describe('docs/runbook.md', () => {
  it('has an entry for every alert of Prometheus', () => {
    const { groups } = parse(read('config/prometheus/mau-guard.rules.yaml')) as {
      groups: { rules: { alert?: string }[] }[];
    };
    const alerts = groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
    expect([...entriesUnder('Alerts of Prometheus').keys()].sort()).toEqual(alerts.sort());
  });

  it('has an entry for every code of a problem, in the order of the code', () => {
    expect([...entriesUnder('Problems that callers see').keys()]).toEqual(Object.keys(PROBLEM_KINDS));
  });

  it('has an entry for every kind of alert that the gateway sends', () => {
    const [, list = ''] = /^`budget` is (.*?);/ms.exec(read('docs/alerts.md')) ?? [];
    const kinds = [...list.matchAll(/`([^`]+)`/g)].map(([, kind = '']) => kind);
    expect([...entriesUnder('Alerts that the gateway sends').keys()]).toEqual(kinds);
  });

  it('says in each what is seen, where to look and what to do', () => {
    for (const heading of [
      'Alerts of Prometheus',
      'Alerts that the gateway sends',
      'Problems that callers see',
    ]) {
      for (const [name, text] of entriesUnder(heading)) {
        const parts = [...text.matchAll(/^- \*(\w+)\*: \S/gm)].map(([, part]) => part);
        expect([name, parts]).toEqual([name, ['Seen', 'Look', 'Do']]);
      }
    }
  });
});

it('docs/upgrade.md says of every secret how it is changed', () => {
  const [, table = ''] = read('docs/upgrade.md').split('\n## Keys\n');
  const secrets = VARIABLE_NAMES.filter((name) => variable(name).secret && !/PREVIOUS|REDIS/.test(name));
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.map((row) =>
    row.split(' | ')[0]?.replace('`, `…_SECRET', '_SECRET').replace('_SID', ''),
  );
  for (const name of secrets)
    expect([name, named.some((cell) => cell?.includes(name))]).toEqual([name, true]);
});

it.each(PAGES)('docs/%s.md links to what is there', (page) => {
  const text = read(`docs/${page}.md`);
  const anchors = new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
  for (const [, target = ''] of text.matchAll(/\]\(([^)]+)\)/g)) {
    if (/^https?:/.test(target)) continue;
    if (target.startsWith('#')) expect([target, anchors.has(target.slice(1))]).toEqual([target, true]);
    else expect([target, existsSync(join(ROOT, 'docs', target.split('#')[0] ?? ''))]).toEqual([target, true]);
  }
});

it('README.md leads to all of them', () => {
  for (const page of PAGES) expect(read('README.md')).toContain(`(docs/${page}.md)`);
});

it('docs/deploy.md names all that only operators need', () => {
  const [, list = ''] =
    /What only operators need, (.*?)\. {0,2}\n/s.exec(read('docs/deploy.md').replaceAll('\n  ', ' ')) ?? [];
  const named = [...list.matchAll(/`(\/[^`]+)`/g)].map(([, path = '']) => path);
  const { paths = {} } = buildOpenApi(null);
  const theirs = Object.entries(paths).flatMap(([path, item]) => {
    const operations = Object.values(item as Record<string, { security?: object[] }>);
    const isTheirs = operations.every(({ security = [] }) => security.some((one) => 'operatorKey' in one));
    return isTheirs ? path.split('/').slice(0, 3).join('/') : [];
  });
  expect(named.sort()).toEqual(['/ops', ...new Set(theirs)].sort());
});

describe('the systemd unit of docs/deploy.md', () => {
  const [, unit = ''] = /```ini\n(.*?)```/s.exec(read('docs/deploy.md')) ?? [];

  it('starts the program with the flags of `npm start`', () => {
    const { scripts } = JSON.parse(read('package.json'));
    expect(unit).toContain(`ExecStart=/usr/bin/${scripts.start.split(' && ').at(-1)}\n`);
  });

  it('sets variables that there are', () => {
    const names = [...unit.matchAll(/(?:Environment=| )([A-Z_]+)=/g)].map(([, name = '']) => name);
    const known = new Set<string>([...VARIABLE_NAMES, 'NODE_ENV']);
    expect(names.filter((name) => !known.has(name.replace(/_FILE$/, '')))).toEqual([]);
    expect(names.length).toBeGreaterThan(5);
  });

  // Exit code 2 is also a Redis that is slower to start than the gateway, after a reboot.
  it('starts it again after every end, however often, with a pause', () => {
    expect(unit).toContain('\nRestart=always\n');
    expect(unit).toMatch(/\nRestartSec=[1-9]\d*\n/);
    expect(unit).not.toMatch(/RestartPreventExitStatus/);
    const [, aboutUnit = ''] = /\[Unit\]\n(.*?)\n\[/s.exec(unit) ?? [];
    expect(aboutUnit).toContain('StartLimitIntervalSec=0');
  });

  // A machine without systemd checks the lines above only.
  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
  (hasSystemd ? it : it.skip)('is one that systemd takes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mau-guard-unit-'));
    try {
      const file = join(folder, 'mau-guard.service');
      writeFileSync(file, unit.replace('/usr/bin/node', process.execPath));
      const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
      expect(stderr.split('\n').filter((line) => line.includes(dirname(file)))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
