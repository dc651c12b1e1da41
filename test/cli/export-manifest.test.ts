import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { settableClock } from '../support/clock.ts';
import { ISSUER, type OperatorGateway, startOperatorGateway } from './operator-gateway.ts';
import type { runCli } from './support.ts';

/** More than the command takes at once. */
const PEOPLE = 15_000;
const KNOWN = Array.from({ length: 8 }, (_, n) => `user-${n}`);

let operator: OperatorGateway;
let folder: string;
/** Of those who can be erased. */
let identities: string[];

async function record(...names: string[]): Promise<void> {
  await operator.gateway.ledger.record(
    DEFAULT_SERVICE,
    names.map((name) => ({
      ...{ identity: name as Identity, signal: 'messaged', at: Date.parse('2026-10-05T10:00:00Z') },
      ...{ source: 'webhook', className: 'member' },
    })),
  );
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-export-'));
  const clock = settableClock(Date.parse('2026-10-15T12:00:00Z'));
  operator = await startOperatorGateway({}, clock);
  identities = [];
  for (const subject of KNOWN) identities.push(await operator.mint(subject));
  for (let from = 0; from < PEOPLE; from += 5_000) {
    await record(...Array.from({ length: 5_000 }, (_, n) => `p_${from + n}`));
  }
  clock.set(Date.parse('2026-11-02T09:00:00Z'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await operator.stop();
});

const readFile = (path: string) => readFileSync(path, 'utf8');
const readOut = (name: string) => readFile(join(folder, name));
const ARGS = ['export', '--month', '2026-10', '--out', 'october.csv'];
const SIGNED = [...ARGS, '--manifest', 'october.json'];
const run = (args: string[], given: Parameters<typeof runCli>[1] = {}) =>
  operator.run(args, { cwd: folder, readFile, ...given });
const rowsOf = (name: string) => readOut(name).split('\r\n').slice(1, -1);

/** Breaks off behind the first part. */
async function breakOff(args: string[]): Promise<void> {
  let calls = 0;
  const breaking: typeof fetch = (...asked) => {
    calls += 1;
    return calls === 3 ? Promise.reject(new TypeError('the cable')) : fetch(...asked);
  };
  expect((await run(args, { fetch: breaking })).code).toBe(1);
  expect(existsSync(join(folder, 'october.csv.part'))).toBe(true);
}

const erase = (subject: string) =>
  run(['identities', 'erase', '--issuer', ISSUER, '--subject', subject, '--reason', 'asked for it']);

describe('an export with its manifest', () => {
  it('that went on after an erasure is made anew: nobody of the erased is in it, and nobody twice', async () => {
    await breakOff(SIGNED);
    const part = readOut('october.csv.part');
    expect(identities.filter((identity) => part.includes(identity))).not.toEqual([]);
    for (const subject of KNOWN) expect((await erase(subject)).code).toBe(0);

    const { code, stderr } = await run(SIGNED);
    expect(code).toBe(0);
    expect(stderr).toBe(
      'going on after 10,000 rows\nwhat an earlier run had left does not fit any more: beginning anew\n',
    );
    const text = readOut('october.csv');
    expect(identities.filter((identity) => text.includes(identity))).toEqual([]);
    expect(new Set(rowsOf('october.csv').map((row) => row.split(',')[0])).size).toBe(PEOPLE + KNOWN.length);
    expect((await run(['export', '--verify', 'october.csv', '--manifest', 'october.json'])).code).toBe(0);
  });

  it('that fits goes on where it stood', async () => {
    await breakOff(SIGNED);
    expect(await run(SIGNED)).toMatchObject({ code: 0, stderr: 'going on after 10,000 rows\n' });
  });

  it.each(['csv', 'ndjson', 'json'])(
    'does not fit a closed month that has others by now: %s',
    async (format) => {
      await run(['close', '--month', '2026-10', '--reason', 'books']);
      await record('p_late');
      const { code, stdout, stderr } = await run([...SIGNED, '--format', format]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '15,009 rows in october.csv\n' });
      expect(stderr).toMatch(
        /^the export does NOT fit october\.json\nfault: 15009 rows, the manifest says 15008\n/,
      );
      expect(stderr).toMatch(/^mau-guard close --month 2026-10 --show$/m);
      const { json } = await operator.runJson([...SIGNED, '--format', format], { cwd: folder });
      expect(json).toMatchObject({ rows: 15_009, faults: [/manifest says 15008/, /SHA-256/].map(matching) });
    },
  );

  it('is held against it also on its way to standard output', async () => {
    const piped = ['export', '--month', '2026-10', '--manifest', 'october.json'];
    expect((await run(piped)).code).toBe(0);
    await run(['close', '--month', '2026-10', '--reason', 'books']);
    await erase('user-0');
    const { code, stderr } = await run(piped);
    expect(code).toBe(1);
    expect(stderr).toContain('fault: the bytes are others than those that the manifest is of (SHA-256)\n');
  });
});

function matching(pattern: RegExp) {
  return expect.stringMatching(pattern);
}
