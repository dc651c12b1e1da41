import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  forbiddenImports,
  forbiddenPackages,
  type ImportMap,
  importCycles,
  partOf,
} from './support/import-map.ts';
import { readSourceModules } from './support/source-modules.ts';

/**
 * The map of the house: what each part may import. Imports point inward, from the edges (http, cli) over the
 * use cases (issue, signals, reports, alerts), which never import each other, to the words (domain).
 */
const MAP: ImportMap = {
  // the words, and the rules: pure
  domain: [],
  policy: ['domain'],
  // promises: deadlines, waits, shared answers
  async: [],

  // what is remembered: one interface, two stores that do not know each other
  ledger: ['domain'],
  'ledger/redis': ['domain', 'async', 'ledger', 'ledger/outage/known-people'],
  'ledger/sqlite': ['domain', 'ledger'],
  'ledger/journal': ['domain', 'async', 'ledger'],
  // what is left while a store is away
  'ledger/outage': ['domain', 'ledger', 'ledger/journal/ports'],

  // the use cases
  issue: ['domain', 'policy', 'ledger'],
  signals: ['domain', 'async', 'policy', 'ledger', 'ledger/journal/ports'],
  alerts: ['domain', 'policy', 'ledger'],
  steering: ['domain', 'policy', 'ledger'],
  reports: ['domain', 'policy', 'ledger', 'contract'],
  // months that are over, and Twilio's figures: by the figures of reports, written down as steering writes
  reconcile: ['domain', 'async', 'ledger', 'reports', 'steering'],
  // months that leave the ledger, with what was frozen of them, and come back
  archive: ['domain', 'async', 'ledger', 'reports', 'reconcile', 'steering'],
  // looks at everything and changes nothing
  doctor: ['domain', 'ledger', 'reports'],

  // adapters: each fulfils a port that a use case declares
  auth: ['domain', 'async', 'issue/ports', 'issue/guests/ports', 'signals/ports', 'reports/ports'],
  limits: ['domain'],
  notify: ['domain', 'alerts/ports'],
  twilio: [
    ...['domain', 'async'],
    ...['issue/ports', 'signals/ports', 'signals/backfill/ports', 'reports/ports', 'reconcile/ports'],
  ],
  telemetry: [
    'domain',
    'ledger/journal/ports',
    'ledger/redis/lost-data/ports',
    'issue/ports',
    'alerts/ports',
    'signals/ports',
    'signals/backfill/ports',
    'reconcile/ports',
    'archive/ports',
  ],
  'system-clock': ['domain'],

  // the half that runs in the browser; it shares nothing with the gateway
  client: [],
  'client/react': ['client'],
  'client/testing': ['client'],

  // the edges
  contract: ['domain'],
  config: ['domain', 'policy', 'ledger'],
  ops: ['domain', 'async', 'contract', 'reports', 'reconcile'],
  http: [
    'domain',
    'async',
    'policy',
    'issue',
    'signals',
    'reports',
    'steering',
    'reconcile',
    'archive',
    'contract',
    'ops',
    'ledger',
    'telemetry',
  ],
  demo: ['domain', 'config', 'auth', 'twilio', 'issue/ports', 'ledger'],

  // putting it together: only wire constructs adapters
  wire: { allBut: ['cli', 'main', 'index'] },
  'prepare-ledger': ['config', 'domain', 'ledger', 'ledger/journal'],
  processes: ['config', 'http', 'telemetry'],
  version: [],
  'fit-collector': [],
  main: [
    'wire',
    'prepare-ledger',
    'processes',
    'version',
    'fit-collector',
    'config',
    'domain',
    'http',
    'telemetry',
    'demo',
    'system-clock',
  ],
  cli: ['domain', 'archive', 'doctor', 'config', 'reports', 'contract', 'main', 'wire', 'system-clock'],
  index: { allBut: ['cli'] },
};

/** Each library lives where it is needed and nowhere else, so that replacing it changes one folder. */
const FENCES: Record<string, readonly string[]> = {
  '@asteasolutions/zod-to-openapi': ['http', 'contract'],
  '@twilio/conversations': ['client'],
  cockatiel: ['ledger/redis'],
  commander: ['cli'],
  cookie: ['auth', 'http'],
  'csv-parse': ['steering', 'cli'],
  'csv-stringify': ['reports', 'http'],
  express: ['http'],
  'fastest-levenshtein': ['config'],
  helmet: ['http'],
  'http-graceful-shutdown': ['http'],
  ioredis: ['ledger/redis'],
  isbot: ['http'],
  'ipaddr.js': ['http'],
  jose: ['auth'],
  libsql: ['ledger/sqlite', 'ledger/journal'],
  'openid-client': ['auth'],
  'lru-cache': ['auth', 'issue', 'signals', 'ledger', 'http', 'twilio', 'limits'],
  pino: ['telemetry'],
  'pino-pretty': ['telemetry'],
  'prom-client': ['telemetry'],
  'rate-limiter-flexible': ['limits'],
  react: ['client/react'],
  standardwebhooks: ['notify'],
  twilio: ['twilio'],
  uplot: ['ops'],
  ws: ['demo'],
  yaml: ['config'],
  zod: ['config', 'contract', 'http', 'auth'],
};

/** Parts that compute and nothing else: no built-in modules either. */
const PURE = ['domain', 'policy'];

/** Parts or files that may touch what makes a program hard to test. */
const TOUCHES: Record<string, readonly string[]> = {
  'process.env': ['config', 'cli/main'],
  'process.exit': ['cli', 'main'],
  'the system clock': ['system-clock', 'client'],
};

/** Programs, which do something when they are imported. */
const PROGRAMS = ['main.ts', 'cli/main.ts'];

const LINES_MAX = 250;

/** For the build, on a busy machine. */
const BUILD_DEADLINE_MS = 90_000;

const ROOT = join(import.meta.dirname, '..');
const modules = readSourceModules(join(ROOT, 'src'));

describe('imports', () => {
  it('follow the map', () => {
    expect(forbiddenImports(MAP, modules)).toEqual([]);
  });

  it('keep each library in its place', () => {
    expect(forbiddenPackages(MAP, FENCES, modules)).toEqual([]);
  });

  it('have a place for every library we depend on, and for no other', () => {
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(Object.keys(FENCES).sort()).toEqual(Object.keys({ ...dependencies, ...peerDependencies }).sort());
  });

  it('take nothing from the system into the pure parts', () => {
    const impure = modules.filter(
      ({ path, packages }) =>
        PURE.includes(partOf(MAP, path) ?? '') && packages.some((name) => name.startsWith('node:')),
    );
    expect(impure.map(({ path, packages }) => `src/${path} imports ${packages}`)).toEqual([]);
  });

  it('never go in circles', () => {
    expect(importCycles(modules)).toEqual([]);
  });

  it('name files that exist', () => {
    const missing = modules.flatMap(({ path, files }) =>
      files.filter((file) => !existsSync(join(ROOT, 'src', file))).map((file) => `src/${path}: src/${file}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('files', () => {
  it.each(Object.entries(TOUCHES))('leave %s to %j', (touched, places) => {
    const strangers = modules.filter(
      ({ path, touches }) =>
        touches.includes(touched) &&
        !places.some((place) => path === `${place}.ts` || path.startsWith(`${place}/`)),
    );
    expect(strangers.map(({ path }) => `src/${path}`)).toEqual([]);
  });

  it(`have at most ${LINES_MAX} lines`, () => {
    const long = modules.filter(({ lines }) => lines > LINES_MAX);
    expect(long.map(({ path, lines }) => `src/${path} has ${lines}; split it by responsibility`)).toEqual([]);
  });
});

describe('importing', () => {
  beforeAll(() => {
    const build = spawnSync(process.execPath, [join(ROOT, 'scripts/build.js')], { encoding: 'utf8' });
    if (build.status !== 0) throw new Error(`the build failed:\n${build.stdout}${build.stderr}`);
  }, BUILD_DEADLINE_MS);

  it('any file but the programs has no effect: nothing printed, opened or listened for', () => {
    const files = modules
      .map(({ path }) => path)
      .filter((path) => !PROGRAMS.includes(path))
      .map((path) => join(ROOT, 'dist', path.replace(/\.tsx?$/, '.js')));
    const script = `
      const events = ['SIGINT', 'SIGTERM', 'uncaughtException', 'unhandledRejection', 'exit', 'beforeExit'];
      // Reading the files themselves leaves requests behind for a moment.
      const isHandle = (resource) => !/^(FSReq|CloseReq)/.test(resource);
      const state = () => JSON.stringify({
        directory: process.cwd(),
        listeners: Object.fromEntries(events.map((event) => [event, process.listenerCount(event)])),
        open: process.getActiveResourcesInfo().filter(isHandle).sort(),
      });
      // Opened when first looked at, and libraries look whether there is a terminal.
      void [process.stdout, process.stderr];
      for (const file of process.argv.slice(1)) {
        const before = state();
        await import(file);
        // What the import opened late shows itself after a turn of the event loop.
        await new Promise((resolve) => setImmediate(resolve));
        if (state() !== before) console.log(file, 'changed', before, 'into', state());
      }
    `;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', script, ...files],
      { encoding: 'utf8', env: { PATH: process.env['PATH'] }, timeout: 15_000 },
    );
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});
