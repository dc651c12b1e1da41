import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { buildOnce } from '../support/gateway-process.ts';

// The package as it is published, used by an app of its own. Packing and compiling take long on a busy machine.

jest.setTimeout(90_000);

const ROOT = join(import.meta.dirname, '../..');

let folder: string;
/** The package inside of the app's `node_modules`. */
let installed: string;
let files: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-pack-'));
  await buildOnce();
  node(join(ROOT, 'scripts/build-client.js'));
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const packed = spawnSync('npm', args, { cwd: ROOT, encoding: 'utf8' });
  const [{ filename, files: listed }] = JSON.parse(packed.stdout);
  files = listed.map(({ path }: { path: string }) => path);

  // As npm would lay it out, with what it depends on taken from here: there is no network.
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name.startsWith('.')) continue;
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
  expect(spawnSync('tar', ['-xzf', join(folder, filename), '-C', folder]).status).toBe(0);
  installed = join(folder, 'node_modules/mau-guard');
  expect(spawnSync('mv', [join(folder, 'package'), installed]).status).toBe(0);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function node(...args: string[]) {
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
}

describe('the packed file', () => {
  it('passes publint', async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
  });

  it('holds what it needs, and no tests, sources or secrets', () => {
    const folders = [...new Set(files.map((path) => path.split('/')[0]))].sort();
    expect(folders).toEqual([
      '.env.example',
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'browser',
      'config',
      'dist',
      'docs',
      'package.json',
    ]);
    expect(files.filter((path) => /\.test\.|\.env$|(^|\/)test\/|(?<!\.d)\.tsx?$/.test(path))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining(['browser/mau-guard-client.js', 'docs/client.md', 'docs/moving.md']),
    );
  });

  it('has what its documents lead to, besides pictures and what only the repository has', () => {
    const documents = files.filter((path) => path.endsWith('.md'));
    const elsewhere = /^[a-z]+:|^#|^(src|charts|test|docs\/screenshots)\/|^(compose\.yaml|CONTRIBUTING\.md)$/;
    const missing = documents.flatMap((document) => {
      const text = readFileSync(join(installed, document), 'utf8');
      const links = [...text.matchAll(/(?<!!)\[[^\]]*\]\(([^)\s#]+)/g)].map(([, link]) => link as string);
      const paths = links.map((link) => (/^[a-z]+:/.test(link) ? link : join(dirname(document), link)));
      return paths
        .filter((path) => !elsewhere.test(path) && !existsSync(join(installed, path)))
        .map((path) => `${document}: ${path}`);
    });
    expect(documents.length).toBeGreaterThan(30);
    expect(missing).toEqual([]);
  });

  it('has a file and types behind every export', () => {
    const { exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    const named = Object.values(exports).flatMap((to) =>
      typeof to === 'string' ? [to] : Object.values(to as object),
    );
    expect(named.filter((path) => !existsSync(join(installed, path)))).toEqual([]);
    const typed = Object.entries(exports).filter(([, to]) => typeof to === 'object');
    expect(typed.map(([name]) => name)).toEqual(['.', './client', './react', './testing']);
  });

  it('gives a frontend its types, with and without those of a browser', () => {
    writeFileSync(
      join(folder, 'app.ts'),
      `import { Client } from '@twilio/conversations';
import { type ChatGate, ChatGateError, createChatGate, createGuests, TokenSource } from 'mau-guard/client';
import { useConversationsClient } from 'mau-guard/react';
import { createFakeSdk, createFakeTokenSource } from 'mau-guard/testing';

const guests = createGuests({ url: 'https://chat.example' });
export const gate: ChatGate<Client> = createChatGate<Client>({
  tokenSource: TokenSource.endpoint('/v1/tokens', { headers: guests.headers }),
  loadSdk: () => import('@twilio/conversations'),
  user: () => undefined,
  beacons: { url: '/v1/beacons' },
});
export const conversations = async () => (await gate.connect()).getSubscribedConversations();
export const tested = createChatGate({ tokenSource: createFakeTokenSource(), loadSdk: createFakeSdk().load });
export const open = () => useConversationsClient<Client>({ when: true }).client?.user;
export const says = (error: unknown) => (error instanceof ChatGateError ? error.problem?.code : undefined);
// @ts-expect-error no such phase
export const wrong = gate.getSnapshot().phase === 'asleep';
`,
    );
    const compile = (module: string, resolution: string, lib: string) => {
      const options = [
        '--noEmit',
        '--strict',
        '--target',
        'es2022',
        '--types',
        '',
        '--skipLibCheck',
        'false',
      ];
      const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
      return node(
        compiler,
        ...options,
        '--module',
        module,
        '--moduleResolution',
        resolution,
        '--lib',
        lib,
        'app.ts',
      ).stdout;
    };
    const ours = (output: string) => output.split('\n').filter((line) => /app\.ts|mau-guard/.test(line));
    expect(ours(compile('esnext', 'bundler', 'es2022,dom'))).toEqual([]);
    expect(ours(compile('nodenext', 'nodenext', 'es2022,dom'))).toEqual([]);
  });

  it('is imported by Node without a browser, and does nothing by that', () => {
    const names = ['mau-guard/client', 'mau-guard/react', 'mau-guard/testing'];
    const { stdout, stderr } = node(
      '-e',
      `Promise.all(${JSON.stringify(names)}.map((name) => import(name))).then((all) =>
      console.log(all.every((each) => Object.keys(each).length > 2), process.getActiveResourcesInfo().length))`,
    );
    expect([stdout, stderr]).toEqual([expect.stringMatching(/^true [0-2]\n/), '']);
  });

  it('runs the demo, which mints', async () => {
    const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    const env = { PATH: process.env['PATH'], HOME: folder, PORT: '0', METRICS_PORT: 'off' };
    const program = join(installed, bin['mau-guard']);
    const demo = spawn(process.execPath, [program, 'demo'], { cwd: folder, env });
    const ended = new Promise((resolve) => demo.once('close', resolve));
    try {
      let said = '';
      const [, url, login] = await new Promise<string[]>((resolve, reject) => {
        const hear = (text: unknown) => {
          said += String(text);
          const found = /POST (http:\S+)\/v1\/tokens[\s\S]*Bearer (demo-\S+?)['"]/.exec(said);
          if (found) resolve(found);
        };
        demo.stdout.on('data', hear);
        demo.stderr.on('data', hear);
        void ended.then(() => reject(new Error(said)));
        setTimeout(() => reject(new Error(said)), 20_000).unref();
      });
      const answer = await fetch(`${url}/v1/tokens`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${login}`, 'Content-Type': 'application/json' },
        body: '{"intent":"open_chat"}',
      });
      expect(await answer.json()).toMatchObject({ outcome: 'minted', demo: true });
    } finally {
      demo.kill();
      await ended;
    }
  });
});
