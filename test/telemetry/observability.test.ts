import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { parse } from 'yaml';
import { createMetrics } from '../../src/telemetry/metrics.ts';

const ROOT = join(import.meta.dirname, '../..');
const RULES = join(ROOT, 'config/prometheus/mau-guard.rules.yaml');
const page = readFileSync(join(ROOT, 'docs/observability.md'), 'utf8');
const dashboard = JSON.parse(readFileSync(join(ROOT, 'config/grafana/mau-guard.json'), 'utf8'));

/** The rows of the table under a heading, cell by cell. */
function tableUnder(heading: string): string[][] {
  const [, section = ''] = page.split(`## ${heading}\n`);
  const rows = section
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  return rows.map((row) => row.slice(2, -2).split(' | '));
}

/** Words in backquotes. */
function named(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
}

async function exposed(): Promise<Map<string, string>> {
  const metrics = createMetrics({ version: '1', fill: async () => [] });
  const { text } = await metrics.expose();
  return new Map(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]),
  );
}

const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(join(ROOT, 'src', path), 'utf8'));

/** Labels by metric, as they are declared. */
function declaredLabels(): Map<string, string[]> {
  const registering = jest.spyOn(Registry.prototype, 'registerMetric');
  createMetrics({ version: '1', fill: async () => [] });
  const declared = registering.mock.calls.map(
    ([metric]) => metric as unknown as { name: string; labelNames: string[] },
  );
  registering.mockRestore();
  return new Map(declared.map(({ name, labelNames }) => [name, labelNames]));
}

/** Events that the code writes to the log. `token.${…}` and `backfill.${…}` stand for each of their kinds. */
function writtenEvents(): Set<string> {
  const text = sources.join('\n');
  const plain = [...text.matchAll(/\bevent: '([a-z]+\.[a-z-]+)'/g)].map(([, name = '']) => name);
  const composed = [...text.matchAll(/\bevent: `([a-z]+)\.\$\{/g)].map(([, name = '']) => name);
  expect(composed.sort()).toEqual(['backfill', 'token']);
  return new Set([
    ...plain,
    ...['minted', 'reused', 'refused', 'failed'].map((outcome) => `token.${outcome}`),
    ...['started', 'finished', 'interrupted', 'stopped', 'failed'].map((kind) => `backfill.${kind}`),
  ]);
}

describe('docs/observability.md', () => {
  it('lists every metric, with its type', async () => {
    const listed = tableUnder('Metrics').map(([name, type = '']) => [named(name)[0] ?? '', type] as const);
    expect(new Map(listed)).toEqual(await exposed());
  });

  it('lists the labels of each', () => {
    const declared = declaredLabels();
    for (const [name, , labels] of tableUnder('Metrics')) {
      const [metric = ''] = named(name);
      expect([metric, named(labels)]).toEqual([metric, declared.get(metric)]);
    }
  });

  it('lists every kind of log line', () => {
    const listed = tableUnder('Log lines').map(([name]) => named(name)[0] ?? '');
    expect(new Set(listed)).toEqual(writtenEvents());
    expect(listed).toHaveLength(new Set(listed).size);
  });
});

const expressions = [
  ...(dashboard.panels as { targets: { expr: string }[] }[]).flatMap(({ targets }) =>
    targets.map(({ expr }) => expr),
  ),
  ...(parse(readFileSync(RULES, 'utf8')).groups as { rules: { expr: string; record?: string }[] }[]).flatMap(
    ({ rules }) => rules.map(({ expr }) => expr),
  ),
];

describe('the Grafana dashboard and the Prometheus rules', () => {
  it('ask for metrics and recorded figures that there are', async () => {
    const known = await exposed();
    const recorded: string[] = [...readFileSync(RULES, 'utf8').matchAll(/record: (\S+)/g)].map(
      ([, name = '']) => name,
    );
    for (const expression of expressions) {
      const names = expression.match(/\b(?:mauguard|http_server)[\w:]*/g) ?? [];
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        const metric = name.replace(/_(bucket|count|sum)$/, '');
        expect([name, known.has(name) || known.has(metric) || recorded.includes(name)]).toEqual([name, true]);
      }
    }
  });

  it('show every metric somewhere', async () => {
    const text = expressions.join('\n');
    for (const name of (await exposed()).keys()) expect(text).toContain(name);
  });

  it('have panels that do not overlap', () => {
    const places = (dashboard.panels as { id: number; gridPos: Record<'x' | 'y' | 'w' | 'h', number> }[]).map(
      ({ gridPos }) => gridPos,
    );
    for (const [index, one] of places.entries()) {
      expect(one.x + one.w).toBeLessThanOrEqual(24);
      for (const other of places.slice(index + 1)) {
        const apart =
          one.x + one.w <= other.x ||
          other.x + other.w <= one.x ||
          one.y + one.h <= other.y ||
          other.y + other.h <= one.y;
        expect([one, other, apart]).toEqual([one, other, true]);
      }
    }
    expect(new Set(dashboard.panels.map(({ id }: { id: number }) => id)).size).toBe(places.length);
  });

  // Debian's package `prometheus` has it; only a developer's machine may go without, where the rules above are checked.
  const promtool = process.env['PROMTOOL_BIN'] ?? 'promtool';
  const hasPromtool = spawnSync(promtool, ['--version']).status === 0;
  (hasPromtool || process.env['CI'] ? it : it.skip)('are rules that promtool takes', () => {
    const { status, stdout, stderr } = spawnSync(promtool, ['check', 'rules', RULES], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('SUCCESS');
  });

  (hasPromtool || process.env['CI'] ? it : it.skip)('wake somebody when they should', () => {
    const cases = join(import.meta.dirname, 'mau-guard.rules.test.yaml');
    const { status, stdout, stderr } = spawnSync(promtool, ['test', 'rules', cases], { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toMatchObject({ status: 0, stderr: '' });
    expect(stdout).toContain('SUCCESS');
  });
});
