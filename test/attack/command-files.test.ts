import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inspectToken } from '../../src/cli/operator/inspect-token.ts';
import { parseUserList } from '../../src/cli/operator/parse-user-list.ts';
import { readProblem } from '../../src/cli/operator/read-problem.ts';
import { splitImport } from '../../src/cli/operator/split-import.ts';
import { UsageError } from '../../src/cli/operator/usage-error.ts';
import { createManifestKey, parsePublicKeys } from '../../src/reports/manifest-key.ts';
import { runCli } from '../cli/support.ts';
import { hostileMember } from './hostile-answers.ts';
import { headerText, hostileObject, hostileText } from './hostile-values.ts';

// Files that somebody hands to the command line, and answers of whatever stands where a gateway should: read, or refused
// by a fault that is named. Never a crash, and a spoilt export is never called whole.

const RUNS = { numRuns: 200 };
const MONTH = '2026-10';
const ROWS = 'identity,class,firstSeen,lastSeen,mints,signals\r\nm_ada,member,a,b,1,minted\r\n';
const SHA256 = 'd'.repeat(64);

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

let folder: string;
let pem: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-files-'));
  pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A command line over files of that folder. No exception comes out of it as one. */
async function runWith(args: string[], files: Readonly<Record<string, Buffer>>) {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const readFile = (path: string) => {
    const content = files[path.slice(folder.length + 1)];
    if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return content.toString('utf8');
  };
  const fetch = async () => {
    throw new TypeError('nobody may be asked');
  };
  const ran = await runCli(args, { cwd: folder, readFile, fetch });
  expect([0, 1, 2]).toContain(ran.code);
  // What nobody foresaw is told so, and is a defect.
  expect(ran.stderr).not.toContain('mau-guard: ');
  if (ran.code === 2) expect(ran.stderr).toMatch(/^error: ./);
  return ran;
}

test('an export is held against a manifest of any kind, and is never called whole when it is not', async () => {
  const good = {
    ...{ export: 'identities', service: 'default', month: MONTH, format: 'csv', rows: 1, sha256: SHA256 },
    ...{ rulesVersion: '1', asOf: '2026-11-01T00:00:00.000Z', kid: null, signature: null },
  };
  const members = Object.keys(good);
  const near = fc
    .dictionary(fc.constantFrom(...members), hostileMember, { maxKeys: 3 })
    .map((changes) => Buffer.from(JSON.stringify({ ...good, ...changes })));
  const manifest = fc.oneof(
    near,
    bytes,
    hostileObject(members).map((value) => Buffer.from(JSON.stringify(value))),
    hostileText.map((text) => Buffer.from(text)),
  );
  const pieces = fc.constantFrom(
    ROWS,
    '[\n',
    ']\n',
    '{}',
    ',\n',
    '"',
    '\r\n',
    '\uFEFF',
    '{"identity":"m_a"}\n',
  );
  const file = fc.oneof(
    bytes,
    fc.array(fc.oneof(pieces, hostileText), { maxLength: 12 }).map((all) => Buffer.from(all.join(''))),
  );
  const keyText = fc.oneof(
    fc.constant(null),
    hostileText,
    hostileObject(['kty', 'crv', 'x', 'kid', 'keys']).map((value) => JSON.stringify(value)),
    fc.constantFrom('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', pem),
  );
  await fc.assert(
    fc.asyncProperty(file, manifest, keyText, fc.boolean(), async (content, text, key, json) => {
      const args = ['export', '--verify', 'rows', '--manifest', 'manifest', ...(json ? ['--json'] : [])];
      const keyed = key === null ? {} : { key: Buffer.from(key) };
      const ran = await runWith([...args, ...(key === null ? [] : ['--key', 'key'])], {
        ...{ rows: content, manifest: text },
        ...keyed,
      });
      // No file has that digest.
      expect(ran.code).not.toBe(0);
      if (ran.code === 1) expect(ran.stdout).toMatch(json ? /"faults": \[\n/ : /^fault: /m);
    }),
    RUNS,
  );
}, 60_000);

test('public keys are found or not', () => {
  const { publicJwk } = createManifestKey(pem);
  const near = fc
    .dictionary(fc.constantFrom('kty', 'crv', 'x', 'kid', 'd', 'alg'), hostileMember, { maxKeys: 2 })
    .map((changes) => ({ ...publicJwk, ...changes }));
  const text = fc.oneof(
    near.map((key) => JSON.stringify(key)),
    fc.array(near, { maxLength: 3 }).map((keys) => JSON.stringify({ keys })),
    hostileObject(['keys', 'kty', 'crv', 'x']).map((value) => JSON.stringify(value)),
    hostileText.map((inner) => `-----BEGIN X-----\n${inner}\n-----END X-----`),
  );
  fc.assert(
    fc.property(text, (given) => {
      for (const key of parsePublicKeys(given) ?? [])
        expect(key).toMatchObject({ kty: 'OKP', crv: 'Ed25519' });
    }),
    RUNS,
  );
});

test('a token is looked into, or is none', async () => {
  const members = ['grants', 'iat', 'nbf', 'exp', 'iss', 'sub', 'alg', 'cty', 'chat', 'identity'];
  const grants = fc
    .tuple(hostileMember, hostileMember)
    .map(([identity, chat]) => ({ grants: { identity, chat: { service_sid: chat } } }));
  const part = fc
    .oneof(hostileObject(members), grants, fc.jsonValue())
    .map((value) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url'));
  const token = fc.oneof(
    fc.array(fc.oneof(part, hostileText), { maxLength: 5 }).map((parts) => parts.join('.')),
    fc.tuple(part, part, fc.constantFrom('x', 'AAAA')).map((parts) => parts.join('.')),
  );
  await fc.assert(
    fc.asyncProperty(token, fc.boolean(), async (text, json) => {
      const { code } = await runWith(['token', 'inspect', 'token', ...(json ? ['--json'] : [])], {
        token: Buffer.from(text),
      });
      expect(code).toBe(isReadable(text) ? 0 : 2);
    }),
    RUNS,
  );
}, 60_000);

function isReadable(text: string): boolean {
  try {
    return inspectToken(text.trim(), {}).signature === 'not-checked';
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return false;
  }
}

/** Lists of people, as CSV, as NDJSON, as both at once, and as none of them. */
const list = fc.oneof(
  fc
    .array(fc.array(hostileText, { maxLength: 4 }), { maxLength: 6 })
    .map((rows) => ['subject,issuer,class', ...rows.map((cells) => cells.join(','))].join('\n')),
  fc
    .array(fc.oneof(hostileObject(['subject', 'issuer', 'class', 'identity']), fc.jsonValue()), {
      maxLength: 6,
    })
    .map((rows) => rows.map((row) => JSON.stringify(row)).join('\n')),
  fc
    .array(fc.oneof(hostileText, fc.constantFrom('"', '\r', '\n', '\r\n', ',', '{', '}', 'subject')), {
      maxLength: 20,
    })
    .map((pieces) => pieces.join('')),
);
const format = fc.constantFrom<'csv' | 'ndjson'>('csv', 'ndjson');

test('a list of users is users with their lines, or faults', () => {
  const subjectColumn = fc.constantFrom('subject', 'id', '__proto__');
  fc.assert(
    fc.property(list, format, subjectColumn, (text, form, column) => {
      try {
        const { users, columns } = parseUserList(text, { format: form, subjectColumn: column, issuer: null });
        const lines = users.map(({ line }) => line);
        expect(lines).toEqual([...lines].sort((one, two) => one - two));
        for (const { line, further } of users) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(Object.getPrototypeOf(further)).toBe(Object.prototype);
        }
        expect(columns).not.toContain(column);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
      }
    }),
    { numRuns: 500 },
  );
});

test('an import is cut between rows, and nothing of it is lost', () => {
  const size = fc.record({
    rowsMax: fc.integer({ min: 1, max: 3 }),
    bytesMax: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(list, format, size, (text, form, part) => {
      const parts = splitImport(text, form, part);
      const [header = ''] = form === 'csv' ? [parts[0]!.text.slice(0, headerLength(parts, text))] : [];
      const bodies = parts.map((one) => one.text.slice(header.length));
      expect(header + bodies.join('')).toBe(text);
    }),
    { numRuns: 500 },
  );
});

/** The header of a CSV stands before each part. */
function headerLength(parts: readonly { text: string }[], text: string): number {
  const added = parts.reduce((sum, part) => sum + part.text.length, 0) - text.length;
  return parts.length === 1 ? 0 : added / (parts.length - 1);
}

test('an answer that is no success is a problem, whoever gave it', () => {
  const body = fc.oneof(
    hostileObject(['title', 'detail', 'code', 'requestId', 'errors', 'status', 'type']),
    fc.jsonValue(),
    fc.constant(undefined),
    fc.array(hostileObject(['pointer', 'detail'])).map((errors) => ({ errors })),
  );
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), headerText, body, (status, retryAfter, json) => {
      const headers = new Headers({ 'retry-after': retryAfter, 'x-request-id': retryAfter });
      const problem = readProblem(status, headers, json);
      for (const text of [problem.title, problem.detail, problem.code]) expect(typeof text).toBe('string');
      for (const fault of problem.errors) {
        expect([typeof fault.pointer, typeof fault.detail]).toEqual(['string', 'string']);
      }
      const { retryAfterSeconds } = problem;
      expect(retryAfterSeconds === null || Number.isSafeInteger(retryAfterSeconds)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
