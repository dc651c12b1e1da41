import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { VARIABLE_NAMES, variable } from '../../../src/config/variables.ts';
import { type Manifest, readChartFile, readReleases, readTemplates } from './read-chart.ts';

const ROOT = join(import.meta.dirname, '../../..');
const values: Manifest = parse(readChartFile('values.yaml'));
const jsonSchema: Manifest = JSON.parse(readChartFile('values.schema.json'));
const schema = z.fromJSONSchema(jsonSchema);
const templates = readTemplates();

/** Set by the chart itself. */
const OWN = ['PORT', 'HOST', 'METRICS_PORT', 'LEDGER', 'LEDGER_PATH', 'JOURNAL_PATH', 'MAU_CONFIG_FILE'];

/** A copy of the values with something else at a path. */
function changed(path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(values);
  let place = copy;
  for (const step of path.slice(0, -1)) place = place[step];
  place[path.at(-1) as string] = value;
  return copy;
}

/** Paths of the objects whose members the schema names all. */
function closedObjects(node: Manifest, path: string[] = []): string[][] {
  const own = node.type === 'object' && node.additionalProperties === false ? [path] : [];
  const inner = Object.entries(node.properties ?? {});
  return [...own, ...inner.flatMap(([name, child]) => closedObjects(child, [...path, name]))];
}

/** Paths of the values as templates name them. */
function leaves(node: unknown, path: string[] = []): string[][] {
  const isInner = typeof node === 'object' && node !== null && !Array.isArray(node);
  if (!isInner || Object.keys(node).length === 0) return [path];
  return Object.entries(node).flatMap(([name, child]) => leaves(child, [...path, name]));
}

describe('values.schema.json', () => {
  it('takes the values as shipped, and those of every release', () => {
    expect(schema.safeParse(values).error).toBeUndefined();
    for (const release of readReleases().values()) {
      const merged = merge(structuredClone(values), release as Manifest);
      expect(schema.safeParse(merged).error).toBeUndefined();
    }
  });

  it.each(closedObjects(jsonSchema).map((path) => [path.join('.') || '(top)', path]))(
    'refuses a misspelt key in %s',
    (_name, path) => {
      expect(schema.safeParse(changed([...path, 'mistyped'], '1')).success).toBe(false);
    },
  );

  it.each([
    ['a number as text', ['replicaCount'], '2'],
    ['no pod at all', ['replicaCount'], 0],
    ['a setting that is no text', ['settings', 'TOKEN_TTL_SECONDS'], 3600],
    ['a secret among the settings', ['settings', 'IDENTITY_SECRET'], 'x'.repeat(40)],
    ['a variable that the chart sets', ['settings', 'PORT'], '80'],
    ['another ledger', ['ledger'], 'sqlite'],
    ['a key of the Secret that is no variable', ['secret', 'keys'], ['identity-secret']],
    ['a digest that is none', ['image', 'digest'], 'latest'],
    ['a disk for many pods', ['persistence', 'accessModes'], ['ReadWriteMany']],
    ['too little time to end', ['terminationGracePeriodSeconds'], 15],
  ] as const)('refuses %s', (_what, path, value) => {
    expect(schema.safeParse(changed(path, value)).success).toBe(false);
  });

  it('knows every variable that is no secret and not set by the chart', () => {
    const expected = VARIABLE_NAMES.filter((name) => !variable(name).secret && !OWN.includes(name));
    expect(Object.keys(jsonSchema.properties.settings.properties).sort()).toEqual([...expected].sort());
  });
});

describe('values.yaml', () => {
  it('hands over secrets that the gateway knows', () => {
    for (const name of values.secret.keys) expect(variable(name).secret).toBe(true);
  });

  it('holds nothing that no template reads', () => {
    const text = [...templates.values()].join('\n');
    const unread = leaves(values).filter((path) => {
      const spellings = path.map((_, index) => `.Values.${path.slice(0, index + 1).join('.')}`);
      return !spellings.some((name) => new RegExp(`${name.replaceAll('.', '\\.')}(?![\\w.])`).test(text));
    });
    expect(unread).toEqual([]);
  });
});

describe('the templates', () => {
  it('read no value that is not there', () => {
    const named = new Set(
      [...templates.values()].flatMap((text) => text.match(/(?<=\.Values\.)[\w.]+/g) ?? []),
    );
    const there = (name: string) => {
      let place: Manifest = values;
      for (const step of name.split('.')) place = place?.[step];
      return place !== undefined || name.startsWith('settings.');
    };
    expect([...named].filter((name) => !there(name))).toEqual([]);
    expect(named.size).toBeGreaterThan(40);
  });

  it.each([...templates])('%s closes what it opens', (_path, text) => {
    const words = [...text.matchAll(/\{\{-?\s*(if|with|range|define|end)\b/g)].map(([, word]) => word);
    let open = 0;
    for (const word of words) {
      open += word === 'end' ? -1 : 1;
      expect(open).toBeGreaterThanOrEqual(0);
    }
    expect(open).toBe(0);
  });

  it('include only what is defined', () => {
    const text = [...templates.values()].join('\n');
    const defined = new Set(text.match(/(?<=define ")[^"]+/g));
    expect((text.match(/(?<=include ")[^"]+/g) ?? []).filter((name) => !defined.has(name))).toEqual([]);
  });
});

describe('the chart', () => {
  it('is of the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const chart = parse(readChartFile('Chart.yaml'));
    expect([chart.apiVersion, chart.version, chart.appVersion]).toEqual(['v2', version, version]);
  });

  it('carries the alerts of config/prometheus, indented as a PrometheusRule wants them', () => {
    const rules = readFileSync(join(ROOT, 'config/prometheus/mau-guard.rules.yaml'), 'utf8');
    expect(readChartFile('files/mau-guard.rules.yaml')).toBe(rules);
    const indented = `spec:\n${rules.replace(/^/gm, '  ')}`;
    expect(parse(indented).spec).toEqual(parse(rules));
    expect(templates.get('prometheusrule.yaml')).toContain(
      '.Files.Get "files/mau-guard.rules.yaml" | nindent 2',
    );
  });
});

/** Lays one tree over another, as Helm does with values. */
function merge(below: Manifest, above: Manifest): Manifest {
  for (const [name, value] of Object.entries(above)) {
    const isTree = typeof value === 'object' && value !== null && !Array.isArray(value);
    below[name] = isTree && typeof below[name] === 'object' ? merge(below[name], value) : value;
  }
  return below;
}
