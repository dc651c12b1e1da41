import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { EXPORT_ROWS_MAX } from '../../src/reports/listing-query.ts';
import { parsePublicKeys } from '../../src/reports/manifest-key.ts';
import { ADMIN_KEY, type OperatorGateway, startOperatorGateway } from './operator-gateway.ts';
import type { runCli } from './support.ts';

/** More than the command takes at once. */
const PEOPLE = 45_000;

let operator: OperatorGateway;
let folder: string;

beforeAll(async () => {
  operator = await startOperatorGateway();
  const at = Date.parse('2026-10-05T10:00:00Z');
  for (let from = 0; from < PEOPLE; from += 5_000) {
    await operator.gateway.ledger.record(
      DEFAULT_SERVICE,
      Array.from({ length: 5_000 }, (_, n) => ({
        identity: `m_${from + n}` as Identity,
        signal: (from + n) % 3 === 0 ? ('messaged' as const) : ('connected' as const),
        ...{ at: at + n * 1_000, source: 'webhook' as const, className: n % 2 === 0 ? 'member' : 'guest' },
      })),
    );
  }
});
afterAll(() => operator.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-export-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const readFile = (path: string) => readFileSync(path, 'utf8');
const run = (args: string[], given: Parameters<typeof runCli>[1] = {}) =>
  operator.run(['export', ...args], { cwd: folder, readFile, ...given });

/** The export as the gateway gives it in one piece. */
async function whole(accept: string, query = ''): Promise<string> {
  const response = await fetch(`${operator.url}/v1/months/2026-10/identities${query}`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}`, accept },
  });
  return response.text();
}

const readOut = (name: string) => readFileSync(join(folder, name), 'utf8');
const readJson = (path: string) => JSON.parse(readFile(path));

/** An export that breaks off once it has written a part. */
function breakingOff() {
  const args = ['--month', '2026-10', '--out', 'people.csv'];
  return {
    ...{ args, note: join(folder, 'people.csv.part.json') },
    async broken() {
      let calls = 0;
      const breaking: typeof fetch = (...asked) => {
        calls += 1;
        return calls === 3 ? Promise.reject(new TypeError('the cable')) : fetch(...asked);
      };
      expect((await run(args, { fetch: breaking })).code).toBe(1);
    },
  };
}

describe('export of a month that nobody is in', () => {
  it('says so, and is a file with a head and no rows', async () => {
    const { code, stdout, stderr } = await run(['--month', '2026-09', '--out', 'nobody.csv']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '0 rows in nobody.csv\n' });
    expect(stderr).toContain('note: nobody was counted in 2026-09 (service default); there are no rows\n');
    expect(readOut('nobody.csv')).toMatch(/^identity,class,.*\r\n$/);
  });

  it('is told from a filter that nobody matches', async () => {
    const { code, stderr } = await run(['--month', '2026-10', '--signal', 'left', '--out', 'left.csv']);
    expect(code).toBe(0);
    expect(stderr).toContain(
      'note: there are no rows that match; 45,000 identities were counted in 2026-10\n',
    );
  });
});

describe('export', () => {
  it.each([
    ['csv', 'text/csv'],
    ['ndjson', 'application/x-ndjson'],
  ])('writes the bytes of the API as %s', async (format, type) => {
    const { code, stdout } = await run(['--month', '2026-10', '--format', format, '--out', 'people']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '45,000 rows in people\n' });
    expect(readOut('people')).toBe(await whole(type));
    expect(statSync(join(folder, 'people')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(folder, 'people.part'))).toBe(false);
    expect(existsSync(join(folder, 'people.part.json'))).toBe(false);
  });

  it('writes JSON, a list of the API’s rows', async () => {
    await run(['--month', '2026-10', '--format', 'json', '--out', 'people.json']);
    const lines = (await whole('application/x-ndjson')).trimEnd().split('\n');
    expect(JSON.parse(readOut('people.json'))).toEqual(lines.map((line) => JSON.parse(line)));
    const empty = await run(['--month', '2020-01', '--format', 'json']);
    expect(JSON.parse(empty.stdout)).toEqual([]);
  });

  it('goes to standard output unless told, with nothing else', async () => {
    const { stdout, stderr } = await run(['--month', '2026-10', '--class', 'guest', '--not', 'connected']);
    expect(stdout).toBe(await whole('text/csv', '?class=guest&not=connected'));
    expect(stderr).toBe('');
  });

  it('shows a bar on a terminal only, with rate and remaining time', async () => {
    const { stderr } = await run(['--month', '2026-10', '--out', 'x'], { tty: true });
    expect(stderr).toMatch(/exporting \[#+-*\] 10,000 of 45,000, [\d,]+\/s, \d+ s left/);
    expect(stderr).toContain('45,000 of 45,000');
  });

  it('that broke off goes on when it is repeated, and the file is there only when whole', async () => {
    let calls = 0;
    const breaking: typeof fetch = (...args) => {
      calls += 1;
      return calls === 3 ? Promise.reject(new TypeError('the cable')) : fetch(...args);
    };
    const args = ['--month', '2026-10', '--out', 'people.csv'];
    const broken = await run(args, { fetch: breaking });
    expect(broken.code).toBe(1);
    expect(existsSync(join(folder, 'people.csv'))).toBe(false);
    // What came behind the checkpoint is cut off: nothing is known of it.
    writeFileSync(join(folder, 'people.csv.part'), 'half a ro', { flag: 'a' });

    const rest: string[] = [];
    const watching: typeof fetch = (input, init) => {
      rest.push(String(input));
      return fetch(input, init);
    };
    const second = await run(args, { fetch: watching });
    expect(second).toMatchObject({ code: 0, stderr: 'going on after 10,000 rows\n' });
    expect(rest.filter((url) => url.includes('/identities?'))).toHaveLength(4);
    expect(readOut('people.csv')).toBe(await whole('text/csv'));
  });

  it('that is interrupted exits 130 and goes on later', async () => {
    const stop = new AbortController();
    let calls = 0;
    const stopping: typeof fetch = (input, init) => {
      calls += 1;
      if (calls === 4) stop.abort(new Error('interrupted'));
      return fetch(input, init);
    };
    const args = ['--month', '2026-10', '--format', 'json', '--out', 'people.json'];
    const given = { fetch: stopping, interruption: stop.signal };
    expect((await run(args, given)).code).toBe(130);
    expect(existsSync(join(folder, 'people.json'))).toBe(false);
    expect(await run(args)).toMatchObject({ code: 0, stderr: expect.stringContaining('going on after') });
    expect(JSON.parse(readOut('people.json'))).toHaveLength(PEOPLE);
  });

  it('begins anew for another question, and where the part is gone', async () => {
    let calls = 0;
    const breaking: typeof fetch = (...args) => {
      calls += 1;
      return calls === 3 ? Promise.reject(new TypeError('the cable')) : fetch(...args);
    };
    await run(['--month', '2026-10', '--out', 'people.csv'], { fetch: breaking });
    const other = await run(['--month', '2026-10', '--class', 'guest', '--out', 'people.csv']);
    expect(other).toMatchObject({ code: 0, stderr: '' });
    expect(readOut('people.csv')).toBe(await whole('text/csv', '?class=guest'));

    calls = 0;
    await run(['--month', '2026-10', '--out', 'b.csv'], { fetch: breaking });
    rmSync(join(folder, 'b.csv.part'));
    await run(['--month', '2026-10', '--out', 'b.csv']);
    expect(readOut('b.csv')).toBe(await whole('text/csv'));
  });

  it.each([
    ['an hour old', (begunAt: number) => begunAt - 3_600_000],
    ['from the future', (begunAt: number) => begunAt + 3_600_000],
    ['of an age that nobody knows', () => undefined],
  ])('begins anew where the part is %s', async (_name, age) => {
    const { args, note, broken } = breakingOff();
    await broken();
    writeFileSync(note, JSON.stringify({ ...readJson(note), begunAt: age(readJson(note).begunAt) }));
    expect(await run(args)).toMatchObject({ code: 0, stderr: '' });
    expect(readOut('people.csv')).toBe(await whole('text/csv'));
  });

  it('that breaks off twice is as old as its first part', async () => {
    const { note, broken } = breakingOff();
    await broken();
    const { begunAt, rows } = readJson(note);
    await broken();
    expect(readJson(note)).toMatchObject({ begunAt, rows: rows + 10_000 });
  });

  it('puts the file where a link leads, and lets the link stand', async () => {
    writeFileSync(join(folder, 'target.csv'), 'of last year');
    symlinkSync('target.csv', join(folder, 'link.csv'));
    symlinkSync('target.json', join(folder, 'link.json'));
    writeFileSync(join(folder, 'target.json'), '{}');
    const { code } = await run(['--month', '2026-10', '--out', 'link.csv', '--manifest', 'link.json']);
    expect(code).toBe(0);
    expect(readlinkSync(join(folder, 'link.csv'))).toBe('target.csv');
    expect(readlinkSync(join(folder, 'link.json'))).toBe('target.json');
    expect(readOut('target.csv')).toBe(await whole('text/csv'));
    expect(readJson(join(folder, 'target.json')).rows).toBe(PEOPLE);
  });

  it.each(['--out', '--manifest'])(
    '%s replaces nothing but files, and is refused before it begins',
    async (option) => {
      mkdirSync(join(folder, 'folder'));
      symlinkSync('nothing', join(folder, 'astray'));
      symlinkSync('folder', join(folder, 'aside'));
      expect(spawnSync('mkfifo', [join(folder, 'pipe')]).status).toBe(0);
      const before = readdirSync(folder);
      for (const name of before) {
        const { code, stdout, stderr } = await run(['--month', '2026-10', option, name]);
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
        expect(stderr).toBe(`error: ${join(folder, name)} cannot be written: what stands there is no file\n`);
      }
      expect(readdirSync(folder)).toEqual(before);
      expect(readlinkSync(join(folder, 'astray'))).toBe('nothing');
    },
  );

  it('says what is wrong with what was typed', async () => {
    for (const args of [
      ['--format', 'xml'],
      ['--what', 'people'],
      ['--what', 'mints', '--signal', 'read'],
      ['--class', 'guest', '--manifest', 'm.json'],
      ['--month', '2026-13'],
      ['--signal', 'sang'],
      ['--out', 'no/such/folder/x'],
    ]) {
      expect(await run(args)).toMatchObject({ code: 2, stdout: '' });
    }
  });

  it('asks for parts that the gateway gives', () => {
    expect(10_000).toBeLessThanOrEqual(EXPORT_ROWS_MAX);
  });
});

describe('export --verify', () => {
  const sign = ['--month', '2026-10', '--out', 'october.csv', '--manifest', 'october.json'];
  const verify = (...more: string[]) =>
    run(['--verify', 'october.csv', '--manifest', 'october.json', ...more], { env: { MAU_OPS_KEY: '' } });

  it('finds a file whole and unchanged, without an ops key', async () => {
    expect((await run(sign)).code).toBe(0);
    const { code, stdout } = await verify('--json');
    expect(code).toBe(0);
    const sha256 = createHash('sha256').update(readOut('october.csv')).digest('hex');
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ ok: true, month: '2026-10', format: 'csv', signature: 'unsigned', faults: [] },
      rows: { expected: PEOPLE, found: PEOPLE },
      sha256: { expected: sha256, found: sha256 },
    });
    expect((await verify()).stdout).toMatch(/^signature +unsigned: it shows that the file is whole/m);
  });

  it('finds a changed file, a cut one, and one of another month', async () => {
    await run(sign);
    const text = readOut('october.csv');
    const changes: [string, RegExp][] = [
      [text.replace('m_17,', 'm_71,'), /others than those/],
      [text.slice(0, text.lastIndexOf('\r\n', text.length - 3) + 2), /44999 rows/],
      ['', /rows/],
    ];
    for (const [changed, fault] of changes) {
      writeFileSync(join(folder, 'october.csv'), changed);
      const { code, stdout } = await verify();
      expect(code).toBe(1);
      expect(stdout).toMatch(/is NOT the export/);
      expect(stdout).toMatch(fault);
    }
  });

  it('finds a JSON list whole and unchanged, by the manifest of its rows', async () => {
    const files = ['--out', 'october.csv', '--manifest', 'october.json'];
    expect((await run(['--month', '2026-10', '--format', 'json', ...files])).code).toBe(0);
    const rows = await whole('application/x-ndjson');
    const { code, stdout } = await verify('--json');
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({
      ...{ code: 0, ok: true, format: 'json', faults: [], rows: { expected: PEOPLE, found: PEOPLE } },
      sha256: { found: createHash('sha256').update(rows).digest('hex') },
    });
    const manifest = JSON.parse(readOut('october.json'));
    expect(manifest.format).toBe('ndjson');
    // The very same manifest is that of the rows.
    writeFileSync(join(folder, 'october.csv'), rows);
    expect(JSON.parse((await verify('--json')).stdout)).toMatchObject({ ok: true, format: 'ndjson' });
  });

  it('finds a JSON list of nobody whole', async () => {
    const files = ['--out', 'october.csv', '--manifest', 'october.json'];
    await run(['--month', '2020-01', '--format', 'json', ...files]);
    expect(readOut('october.csv')).toBe('[\n\n]\n');
    expect(await verify()).toMatchObject({ code: 0 });
    writeFileSync(join(folder, 'october.csv'), '[\n]\n');
    expect(await verify()).toMatchObject({ code: 1 });
  });

  it('finds a JSON list that was changed, cut, or says more than its rows', async () => {
    await run([
      '--month',
      '2026-10',
      '--format',
      'json',
      '--out',
      'october.csv',
      '--manifest',
      'october.json',
    ]);
    const text = readOut('october.csv');
    const last = text.slice(text.lastIndexOf('{'), -3);
    const changes: [string, RegExp][] = [
      [text.replace('"m_17"', '"m_71"'), /others than those/],
      [text.replace(last, `${last.slice(0, -1)},\n{"identity":"m_x"}\n`), /45001 rows/],
      [text.replace(`,\n${last}`, '\n'), /44999 rows/],
      [text.replace('\n]\n', ',\n]\n'), /not a list as/],
      [text.replace('\n]\n', '\n]\n[]\n'), /not a list as/],
      [text.slice(0, -1), /not a list as/],
      [text.replace('[\n', '[ \n'), /not a list as/],
      [text.replace(',\n', ', \n'), /not a list as/],
      ['['.repeat(3_000_000), /not a list as/],
    ];
    for (const [changed, fault] of changes) {
      expect(changed).not.toBe(text);
      writeFileSync(join(folder, 'october.csv'), changed);
      const { code, stdout } = await verify();
      expect(code).toBe(1);
      expect(stdout).toMatch(fault);
    }
  });

  it('says what is wrong with what was typed', async () => {
    writeFileSync(join(folder, 'october.csv'), '');
    writeFileSync(join(folder, 'october.json'), '{}');
    expect((await verify()).code).toBe(2);
    expect((await run(['--verify', 'october.csv'])).code).toBe(2);
    expect((await run(['--verify', 'october.csv', '--manifest', 'nothing.json'])).code).toBe(2);
  });
});

describe('export --verify of a closed month', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  let signing: OperatorGateway;
  beforeAll(async () => {
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    signing = await startOperatorGateway({ MANIFEST_SIGNING_KEY: pem });
    await signing.gateway.ledger.record(DEFAULT_SERVICE, [
      {
        ...{ identity: '=1+1' as Identity, signal: 'messaged', at: Date.parse('2026-10-05T10:00:00Z') },
        ...{ source: 'webhook', className: 'a "class",\nodd' },
      },
    ]);
  });
  afterAll(() => signing.stop());
  const runHere = (args: string[]) => signing.run(args, { cwd: folder, readFile });

  it('checks the signature by the gateway’s key, by a PEM and by a JWK', async () => {
    expect((await runHere(['close', '--month', '2026-10', '--reason', 'books'])).code).toBe(0);
    const files = ['--out', 'o.csv', '--manifest', 'o.json'];
    await runHere(['export', '--month', '2026-10', ...files]);
    writeFileSync(join(folder, 'key.pem'), publicKey.export({ format: 'pem', type: 'spki' }).toString());
    writeFileSync(join(folder, 'key.json'), JSON.stringify(publicKey.export({ format: 'jwk' })));
    const verify = ['export', '--verify', 'o.csv', '--manifest', 'o.json', '--json'];
    for (const key of [[], ['--key', 'key.pem'], ['--key', 'key.json']]) {
      const { code, stdout } = await runHere([...verify, ...key]);
      expect({ code, ...JSON.parse(stdout) }).toMatchObject({
        code: 0,
        signature: 'valid',
        rows: { found: 1 },
      });
    }
    const jwks = await (await fetch(`${signing.url}/.well-known/jwks.json`)).json();
    expect(jwks).toMatchObject({ keys: [{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' }] });
  });

  it('finds a manifest that was changed, one of another key, and one whose signature was taken off', async () => {
    await runHere(['close', '--month', '2026-10', '--reason', 'books']);
    await runHere(['export', '--month', '2026-10', '--out', 'o.csv', '--manifest', 'o.json']);
    const manifest = JSON.parse(readOut('o.json'));
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }).toString();
    writeFileSync(join(folder, 'other.pem'), other);
    writeFileSync(join(folder, 'key.pem'), publicKey.export({ format: 'pem', type: 'spki' }).toString());
    const verify = async (changed: object, key: string) => {
      writeFileSync(join(folder, 'o.json'), JSON.stringify(changed));
      const args = ['export', '--verify', 'o.csv', '--manifest', 'o.json', '--key', key, '--json'];
      const { code, stdout } = await runHere(args);
      return { code, ...JSON.parse(stdout) };
    };
    expect(await verify(manifest, 'key.pem')).toMatchObject({ code: 0, signature: 'valid' });
    expect(await verify({ ...manifest, asOf: '2026-11-01T00:00:00.000Z' }, 'key.pem')).toMatchObject({
      ...{ code: 1, signature: 'invalid' },
    });
    expect(await verify({ ...manifest, note: 'added' }, 'key.pem')).toMatchObject({ signature: 'invalid' });
    expect(await verify(manifest, 'other.pem')).toMatchObject({ code: 1, signature: 'unknown-key' });
    expect(await verify({ ...manifest, signature: null, kid: null }, 'key.pem')).toMatchObject({
      ...{ code: 1, ok: false, signature: 'unsigned' },
    });
  });
});

describe('export --verify after the key was changed', () => {
  const [old, present] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
  const pemOf = ({ privateKey }: typeof old) =>
    privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const publicPem = old.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const x = String(old.publicKey.export({ format: 'jwk' }).x);
  const verify = ['export', '--verify', 'o.csv', '--manifest', 'o.json', '--json'];

  beforeEach(async () => {
    const before = await startOperatorGateway({ MANIFEST_SIGNING_KEY: pemOf(old) });
    await before.run(['close', '--month', '2026-10', '--reason', 'books']);
    const files = ['--out', 'o.csv', '--manifest', 'o.json'];
    expect((await before.run(['export', '--month', '2026-10', ...files], { cwd: folder })).code).toBe(0);
    await before.stop();
  });

  it.each([
    ['', 1, 'unknown-key', 1],
    [`manifests: { previousKeys: [${x}] }`, 0, 'valid', 2],
    [`manifests:\n  previousKeys:\n    - |\n${publicPem.replace(/^/gm, '      ')}`, 0, 'valid', 2],
  ])('finds the key with %j: exit %i, %s', async (yaml, code, signature, keys) => {
    const after = await startOperatorGateway({ MANIFEST_SIGNING_KEY: pemOf(present) }, undefined, yaml);
    try {
      const ran = await after.run(verify, { cwd: folder, readFile });
      expect({ code: ran.code, ...JSON.parse(ran.stdout) }).toMatchObject({ code, signature });
      const jwks = await (await fetch(`${after.url}/.well-known/jwks.json`)).text();
      const x = present.publicKey.export({ format: 'jwk' }).x;
      expect(JSON.parse(jwks).keys).toHaveLength(keys);
      expect(JSON.parse(jwks).keys[0]).toMatchObject({ x });
      // Public halves only.
      expect(jwks).not.toContain('"d"');
    } finally {
      await after.stop();
    }
  });

  it('takes several keys of one PEM file', () => {
    const other = present.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    expect(parsePublicKeys(`the old one\n${publicPem}\n${other}`)).toMatchObject([{ x }, { kty: 'OKP' }]);
    expect(parsePublicKeys('no key')).toBeNull();
  });
});
