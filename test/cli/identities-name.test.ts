import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { ISSUER, type OperatorGateway, startOperatorGateway, VIEWER_KEY } from './operator-gateway.ts';

let operated: OperatorGateway;
let folder: string;
beforeEach(async () => {
  operated = await startOperatorGateway();
  folder = mkdtempSync(join(tmpdir(), 'names-'));
});
afterEach(async () => {
  await operated.stop();
  rmSync(folder, { recursive: true });
});

const CSV = 'subject,email,plan\r\nada,ada@example.org,pro\r\ngrace,"+1 555, ext. 7",free\r\n';
const name = ['identities', 'name', '--users', 'users.csv', '--reason', 'invoice'];

const rowsOf = (text: string) => parse(text, { columns: true }) as Record<string, string>[];

/** Bodies that were sent to the gateway. */
function spy(): { bodies: string[]; fetch: typeof fetch } {
  const bodies: string[] = [];
  return {
    bodies,
    fetch: (input, init) => {
      bodies.push(String(init?.body));
      return fetch(input, init);
    },
  };
}

describe('identities name', () => {
  test('joins a list with identities and a month; what else it says of people stays here', async () => {
    const ada = await operated.mint('ada');
    const { bodies, fetch } = spy();
    const { code, stdout, stderr } = await operated.run([...name, '--month', '2026-11'], {
      files: { 'users.csv': CSV },
      fetch,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '2026-11 has counted 1 of 2 users\n' });
    const [header, first, second] = stdout.split('\r\n');
    expect(header).toBe(
      'subject,issuer,own,identity,class,counted,firstSeen,lastSeen,mints,signals,email,plan',
    );
    const at = '2026-11-20T21:00:00Z';
    expect(first).toBe(`ada,${ISSUER},${ada},${ada},member,true,${at},${at},1,minted,ada@example.org,pro`);
    expect(second).toMatch(/^grace,.*,member,false,,,0,,"'\+1 555, ext\. 7",free$/);
    expect(bodies).toEqual(['{"subject":"ada"}\n{"subject":"grace"}\n']);
    expect(await operated.audit()).toEqual([{ action: 'identities.name', reason: 'invoice', by: 'anna' }]);
  });

  test('the identity is the one that exports have: links are followed', async () => {
    const files = { 'links.csv': 'subject,identity\nada,ada-in-twilio\n', 'users.csv': CSV };
    await operated.run(['identities', 'import', 'links.csv', '--reason', 'moving'], { files });
    await operated.mint('ada');
    const { stdout } = await operated.run(name, { files });
    const exported = await operated.run(['export', '--month', '2026-11']);
    expect(rowsOf(stdout)[0]?.['identity']).toBe('ada-in-twilio');
    expect(rowsOf(exported.stdout).map(({ identity }) => identity)).toEqual(['ada-in-twilio']);
    const mints = await operated.run(['export', '--month', '2026-11', '--what', 'mints']);
    expect(rowsOf(mints.stdout)[0]?.['subject']).toBe(rowsOf(stdout)[0]?.['own']);
  });

  test('without a month says only who they are, and nothing on the error output', async () => {
    const { stdout, stderr } = await operated.run(name, { files: { 'users.csv': CSV } });
    expect(stdout.split('\r\n')[0]).toBe('subject,issuer,own,identity,class,email,plan');
    expect(stderr).toBe('');
  });

  test('a list may call its subjects otherwise, and have columns that are called like ours', async () => {
    const files = { 'users.csv': 'id,identity,class\n4711,old-name,member\n' };
    const args = [...name, '--subject-column', 'id', '--issuer', ISSUER];
    const [row] = rowsOf((await operated.run(args, { files })).stdout);
    expect(row).toMatchObject({ subject: '4711', class: 'member', 'list.identity': 'old-name' });
    expect(row?.['identity']).toMatch(/^m_/);
  });

  test('NDJSON stays NDJSON, and --json is one document', async () => {
    const ada = await operated.mint('ada');
    const users = '{"subject":"ada","tags":["a"]}\n\n{"subject":"grace"}\n';
    const args = ['identities', 'name', '--users', 'users.ndjson', '--month', 'current', '--reason', 'x'];
    const { stdout } = await operated.run(args, { files: { 'users.ndjson': users } });
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toMatchObject([
      { subject: 'ada', identity: ada, counted: true, signals: ['minted'], tags: ['a'] },
      { subject: 'grace', counted: false, firstSeen: null },
    ]);
    const { json, stderr } = await operated.runJson(args, { files: { 'users.ndjson': users } });
    expect(json).toEqual({ service: 'default', month: '2026-11', rows: 2, items: rows });
    expect(stderr).toBe('');
  });

  test('a long list goes in parts, in order, with a bar on a terminal', async () => {
    const subjects = Array.from({ length: 11_000 }, (_, at) => `person-${at}`);
    const files = { 'users.csv': `subject\n${subjects.join('\n')}\n` };
    const { bodies, fetch } = spy();
    const { code, stdout, stderr } = await operated.run(name, { files, fetch, tty: true });
    expect({ code, parts: bodies.length }).toEqual({ code: 0, parts: 3 });
    expect(rowsOf(stdout).map(({ subject }) => subject)).toEqual(subjects);
    expect(stderr).toMatch(/naming \[#+-+\] 5,000 of 11,000, [\d,]+\/s, \d+ s left/);
    expect(stderr.endsWith('\r\u001b[K')).toBe(true);
  });

  test('faults name lines of the file, also in a later part and behind cells of several lines', async () => {
    const rows = Array.from({ length: 5_001 }, (_, at) => `"note ${at}\nmore",person-${at}`);
    const files = { 'users.csv': `note,subject\n${rows.join('\n')}\nlast,\n` };
    const { code, stderr } = await operated.run([...name, '--out', join(folder, 'named.csv')], { files });
    expect(code).toBe(2);
    expect(stderr).toContain('line 10004, subject');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('--out is there only when it is whole, and for its owner only', async () => {
    const out = join(folder, 'named.csv');
    const files = { 'users.csv': CSV };
    const { code, stdout } = await operated.run([...name, '--out', out], { files });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `2 users in ${out}\n` });
    expect(rowsOf(readFileSync(out, 'utf8'))).toHaveLength(2);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['named.csv']);
    const { json } = await operated.runJson([...name, '--out', out], { files });
    expect(json).toEqual({ file: out, format: 'csv', service: 'default', month: null, rows: 2 });
  });

  test('is for admins', async () => {
    const given = { files: { 'users.csv': CSV }, env: { MAU_OPS_KEY: VIEWER_KEY } };
    const { code, stdout, stderr } = await operated.run(name, given);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('forbidden');
  });

  test.each<[string, string, string[], string]>([
    ['no reason', CSV, ['--users', 'users.csv'], '--reason'],
    ['no list', CSV, ['--reason', 'x'], '--users'],
    ['a list that is not there', CSV, ['--users', 'other.csv', '--reason', 'x'], 'ENOENT'],
    ['a list without subjects', 'id\n1\n', [], '--subject-column'],
    ['an empty list', '', [], '--subject-column'],
    ['a column twice', 'subject,a,a\n', [], 'column a twice'],
    ['rows of another length', 'subject,a\nx\ny,1\nz,1,2\n', [], 'line 4: has 3 columns; the header has 2'],
    ['a quote that is never closed', 'subject\n"ada\n', [], 'quote'],
    [
      'lines that are no JSON',
      '{"subject":"a"}\nada\n[]\n',
      ['--format', 'ndjson'],
      'line 3: is no JSON object',
    ],
    ['a place that cannot be written', CSV, ['--out', '/no/such/folder/x.csv'], 'cannot be written'],
    ['a place where something else stands', CSV, ['--out', tmpdir()], 'what stands there is no file'],
    ['a month that is none', CSV, ['--month', '2026-13'], '?month'],
  ])('refuses %s', async (_what, list, args, words) => {
    const all = args.includes('--reason') || args.includes('--users') ? ['identities', 'name'] : name;
    const { code, stderr } = await operated.run([...all, ...args], { files: { 'users.csv': list } });
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('ada@example.org');
  });
});
