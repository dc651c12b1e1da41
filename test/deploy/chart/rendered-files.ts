import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHART, readTemplates } from './read-chart.ts';

const HERE = import.meta.dirname;
const RENDERED = join(HERE, 'rendered');
const SUMS = 'sums.json';

/** What the rendered files are made from, and they themselves, as one hash: neither changes without the other. */
export function sumOfRendered(): string {
  const hash = createHash('sha256');
  const add = (name: string, text: string) => hash.update(`${name}\0${text}\0`);
  for (const [path, text] of readTemplates()) add(path, text);
  for (const path of ['Chart.yaml', 'values.yaml']) add(path, readFileSync(join(CHART, path), 'utf8'));
  for (const folder of ['values', 'rendered']) {
    for (const file of readdirSync(join(HERE, folder)).sort()) {
      if (file !== SUMS) add(file, readFileSync(join(HERE, folder, file), 'utf8'));
    }
  }
  return hash.digest('hex');
}

export function readKnownSum(): string {
  return JSON.parse(readFileSync(join(RENDERED, SUMS), 'utf8')).sha256;
}

/** What a release was rendered to: manifests and notes, or the words of a refusal. */
export function readRendered(release: string): string {
  return readFileSync(join(RENDERED, `${release}.txt`), 'utf8');
}

/** Renders all releases anew with Go; see render.go for what that needs. */
export function renderAll(releases: Iterable<string>): void {
  const folder = mkdtempSync(join(tmpdir(), 'mau-guard-chart-'));
  try {
    const program = join(folder, 'render');
    const env = { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode' };
    run('go', ['build', '-o', program, join(HERE, 'render.go')], env);
    for (const release of releases) {
      const { stdout, stderr } = spawnSync(program, [CHART, join(HERE, 'values', `${release}.yaml`)], {
        encoding: 'utf8',
      });
      writeFileSync(join(RENDERED, `${release}.txt`), stdout || lastWords(stderr));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  writeFileSync(join(RENDERED, SUMS), `{ "sha256": "${sumOfRendered()}" }\n`);
}

function run(program: string, args: string[], env: NodeJS.ProcessEnv): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr}`);
}

/** A refusal without the places in templates that lead to it. */
function lastWords(stderr: string): string {
  return `${stderr
    .split(/error calling \w+: /)
    .at(-1)
    ?.trim()}\n`;
}
