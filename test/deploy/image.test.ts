import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import { freePort } from '../support/free-port.ts';
import { assembleImage, setWritable } from './assemble-image.ts';
import { filesOfSource, readDockerignore } from './build-context.ts';
import { copiesOf, parseDockerfile, type Stage, textsOf, variablesOf } from './dockerfile.ts';

// The files that the image would have, put together from the Dockerfile's own COPY lines, and run as it says: by
// another user where the tests run as root, without the right to write anywhere but to its data.

jest.setTimeout(90_000);

const ROOT = join(import.meta.dirname, '../..');
const USER = 65_532;
const IS_ROOT = process.getuid?.() === 0;
const START_DEADLINE_MS = 30_000;

const stages = parseDockerfile(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));
const last = stages.at(-1) as Stage;

/** An instruction in its exec form. */
function wordsOf(text: string | undefined): string[] {
  return JSON.parse(text?.replace(/^.*?(?=\[)/, '') ?? '[]') as string[];
}

const [command, healthcheck] = [textsOf(last, 'CMD')[0], textsOf(last, 'HEALTHCHECK')[0]].map(wordsOf) as [
  string[],
  string[],
];

describe('the Dockerfile', () => {
  it('runs the program by itself, with the flags of `npm start`, as a user by number', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(scripts.start.split(' && ').at(-1)).toBe(command.join(' '));
    expect(healthcheck).toEqual(['node', 'dist/cli/main.js', 'healthcheck']);
    expect(textsOf(last, 'USER')).toEqual([`${USER}:${USER}`]);
    expect(variablesOf(last)).toEqual({ NODE_ENV: 'production', LEDGER_PATH: '/data/ledger.db' });
    expect(textsOf(last, 'LABEL').join()).toContain('org.opencontainers.image.version');
  });

  it('names the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(textsOf(last, 'ARG')).toContain(`VERSION=${version}`);
  });

  it('installs from the lock file and runs no script of a dependency', () => {
    const installs = stages
      .flatMap((stage) => textsOf(stage, 'RUN'))
      .filter((text) => /npm (ci|i)\b/.test(text));
    expect(installs).toEqual(['npm ci --ignore-scripts']);
    const [build] = stages as [Stage];
    expect(textsOf(build, 'RUN').at(-1)).toBe(
      'node scripts/build.js && npm prune --omit=dev --ignore-scripts',
    );
  });

  it('takes no secret, no ledger and no history into the build', () => {
    const isIn = readDockerignore(ROOT);
    const paths = ['.env', 'secrets/identity_secret', 'data/ledger.db', '.git/config', 'node_modules/a/b.js'];
    const inside = ['src/.env', 'config/.env', 'src/a/b.log', 'config/ledger.db'];
    expect(
      [...paths, ...inside, 'test/a.ts', 'dist/main.js', 'docs/screenshots/month.png'].filter(isIn),
    ).toEqual([]);
    expect(
      ['src/main.ts', 'config/prices/flat.yaml', 'tsconfig.build.json', 'LICENSE', 'docs/doctor.md'].filter(
        isIn,
      ),
    ).toHaveLength(5);
  });
});

it('the image has every page that the program leads to', () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const pages = sources
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => readFileSync(join(ROOT, 'src', path), 'utf8').match(/docs\/[\w-]+\.md/g) ?? []);
  const copied = copiesOf(last).flatMap(({ from, sources: names }) =>
    from === null ? names.flatMap((name) => filesOfSource(ROOT, name)) : [],
  );
  expect(pages).toContain('docs/doctor.md');
  expect(pages.filter((page) => !copied.includes(page))).toEqual([]);
});

describe('the image', () => {
  let base: string;
  let app: string;
  let data: string;
  let port: number;
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    base = mkdtempSync(join(tmpdir(), 'mau-guard-image-'));
    chmodSync(base, 0o755);
    [app, data] = [join(base, 'app'), join(base, 'data')];
    mkdirSync(join(base, 'build'));
    assembleImage(ROOT, join(base, 'build'), app);
    mkdirSync(data, { mode: 0o700 });
    if (IS_ROOT) chownSync(data, USER, USER);
    setWritable(app, false);
    port = await freePort();
  });

  afterAll(() => {
    for (const child of started) child.kill('SIGKILL');
    setWritable(base, true);
    rmSync(base, { recursive: true, force: true });
  });

  function run(words: readonly string[], env: Record<string, string>): ChildProcess {
    const inImage = { ...variablesOf(last), ...env };
    const child = spawn(process.execPath, words.slice(1), {
      cwd: app,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...Object.fromEntries(
          Object.entries(inImage).map(([name, value]) => [name, value.replace(/^\/data\//, `${data}/`)]),
        ),
        ...{ PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: String(port), METRICS_PORT: 'off' },
      },
      ...(IS_ROOT ? { uid: USER, gid: USER } : {}),
    });
    started.push(child);
    return child;
  }

  /** Resolves when the program has said so; rejects with its words when it has not. */
  function untilSaid(child: ChildProcess, pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      let said = '';
      const fail = () => reject(new Error(`it did not start:\n${said}`));
      const deadline = setTimeout(fail, START_DEADLINE_MS);
      child.once('close', fail);
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => {
          said += text;
          if (!pattern.test(said)) return;
          clearTimeout(deadline);
          resolve();
        });
      }
    });
  }

  async function exitCode(child: ChildProcess): Promise<number | null> {
    const [code] = (await once(child, 'close')) as [number | null];
    return code;
  }

  const SETTINGS = {
    LEDGER: 'embedded',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_API_KEY_SID: `SK${'0'.repeat(32)}`,
    TWILIO_API_KEY_SECRET: 'not-a-secret-of-anybody-at-all-0',
    TWILIO_CONVERSATIONS_SERVICE_SID: `IS${'0'.repeat(32)}`,
    AUTH_ISSUER: 'https://login.example.com/',
    AUTH_AUDIENCE: 'https://chat.example.com',
    IDENTITY_SECRET: 'an identity secret for nobody at all, and long enough',
  };

  it('starts in production, is alive and ready, and ends in order', async () => {
    const gateway = run(command, SETTINGS);
    await untilSaid(gateway, /listening on/);
    const url = `http://127.0.0.1:${port}`;
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect((await fetch(`${url}/ops`)).status).toBeLessThan(500);
    expect(await exitCode(run(healthcheck, {}))).toBe(0);
    expect(existsSync(join(data, 'ledger.db'))).toBe(true);

    gateway.kill('SIGTERM');
    expect(await exitCode(gateway)).toBe(0);
    expect(await exitCode(run(healthcheck, {}))).toBe(1);
  });

  it('says what is missing, and exits 2, when nothing is configured', async () => {
    expect(await exitCode(run(command, {}))).toBe(2);
  });

  it('runs the demo as compose.yaml does', async () => {
    const { demo } = parse(readFileSync(join(ROOT, 'compose.yaml'), 'utf8')).services;
    const gateway = run(demo.command, demo.environment);
    await untilSaid(gateway, /curl[\s\S]*\/v1\/tokens/);
    expect((await fetch(`http://127.0.0.1:${port}/demo`)).status).toBe(200);
    expect(existsSync(join(data, 'demo.db'))).toBe(true);
    gateway.kill('SIGTERM');
    expect(await exitCode(gateway)).toBe(0);
  });
});
