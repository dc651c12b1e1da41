import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Identity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { REPOSITORY } from '../config/support.ts';
import { buildOnce } from '../support/gateway-process.ts';
import { ADMIN_KEY, type OperatorGateway, startOperatorGateway } from './operator-gateway.ts';

const BUILD_DEADLINE_MS = 90_000;
const MAIN = join(REPOSITORY, 'dist/cli/main.js');

let operator: OperatorGateway;
let folder: string;
beforeAll(async () => {
  await buildOnce();
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-output-'));
  operator = await startOperatorGateway();
  await operator.gateway.ledger.record(
    DEFAULT_SERVICE,
    Array.from({ length: 25_000 }, (_, n) => ({
      ...{ identity: `m_${n}` as Identity, signal: 'messaged', at: Date.parse('2026-10-05T10:00:00Z') },
      ...{ source: 'webhook', className: 'member' },
    })),
  );
}, BUILD_DEADLINE_MS);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await operator.stop();
});

/** Runs a line of a shell in which `mau-guard` is the program; answers its exit code, not that of who reads it. */
function shell(line: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const script = `mau-guard() { "${process.execPath}" "${MAIN}" "$@"; }; ${line}; exit "\${PIPESTATUS[0]}"`;
  const env = { PATH: process.env['PATH'], MAU_OPS_KEY: ADMIN_KEY, URL: operator.url };
  return new Promise((resolve) => {
    const child = execFile('bash', ['--norc', '-c', script], { cwd: folder, env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

describe('whoever reads has had enough', () => {
  test('before anything was written', async () => {
    for (const line of ['completion bash', 'usage --url $URL', 'export --month 2026-10 --url $URL']) {
      expect(await shell(`mau-guard ${line} | true`)).toEqual({ code: 0, stdout: '', stderr: '' });
    }
  });

  test('in the middle of an export', async () => {
    const { code, stdout, stderr } = await shell('mau-guard export --month 2026-10 --url $URL | head -1');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^identity,class,[^\n]*\n$/);
  });

  test('of a command that has come to another code', async () => {
    await shell('mau-guard export --month 2026-10 --url $URL --out o.csv --manifest o.json');
    writeFileSync(join(folder, 'o.csv'), 'another');
    const verify = 'mau-guard export --verify o.csv --manifest o.json | true';
    expect(await shell(verify)).toEqual({ code: 1, stdout: '', stderr: '' });
  });

  test('of the words: the work goes on', async () => {
    const set = 'mau-guard budget set --limit 12 --reason x --url $URL 2> >(true) 1> set.txt';
    expect(await shell(set)).toMatchObject({ code: 0, stderr: '' });
    expect((await operator.runJson(['budget', 'show'])).json).toMatchObject({ limit: 12 });
  });
});

test('a full disk is said in a line', async () => {
  for (const line of ['completion bash', 'usage --url $URL', 'export --month 2026-10 --url $URL']) {
    expect(await shell(`mau-guard ${line} > /dev/full`)).toEqual({
      ...{ code: 1, stdout: '' },
      stderr: 'mau-guard: standard output cannot be written: ENOSPC\n',
    });
  }
});
