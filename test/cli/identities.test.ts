import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ISSUER, type OperatorGateway, startOperatorGateway } from './operator-gateway.ts';

let operated: OperatorGateway;
beforeEach(async () => {
  operated = await startOperatorGateway();
});
afterEach(() => operated.stop());

const CSV = 'subject,identity\r\nada,ada-in-twilio\r\ngrace,grace-in-twilio\r\n';

describe('identities import', () => {
  const importCsv = ['identities', 'import', 'users.csv'];

  test('links everybody, who keep their identity from then on', async () => {
    const { code, stdout, stderr } = await operated.run([...importCsv, '--reason', 'moving'], {
      files: { 'users.csv': CSV },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('rows        2\nlinked      2\nso already  0\nfaults      0\n');
    expect(await operated.mint('ada')).toBe('ada-in-twilio');
    expect(await operated.audit()).toEqual([{ action: 'identities.import', reason: 'moving', by: 'anna' }]);
  });

  test('is safe to repeat', async () => {
    const files = { 'users.csv': CSV };
    await operated.run([...importCsv, '--reason', 'moving'], { files });
    const { code, json } = await operated.runJson([...importCsv, '--reason', 'moving'], { files });
    expect({ code, json }).toMatchObject({ code: 0, json: { linked: 0, unchanged: 2 } });
  });

  test('a dry run needs no reason and writes nothing', async () => {
    const { code, stdout } = await operated.run([...importCsv, '--dry-run'], { files: { 'users.csv': CSV } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^would be linked +2$/m);
    expect(await operated.mint('ada')).toMatch(/^m_/);
  });

  test('reads NDJSON', async () => {
    const files = { users: '{"subject":"ada","identity":"ada-in-twilio"}\n' };
    const args = ['identities', 'import', 'users', '--format', 'ndjson', '--reason', 'x'];
    expect((await operated.runJson(args, { files })).json).toMatchObject({ linked: 1 });
  });

  test('names every fault by the line of the file, and links nothing', async () => {
    const rows = Array.from({ length: 5_000 }, (_, n) => `person-${n},person-${n}-in-twilio`);
    rows[4_500] = 'somebody,person-3-in-twilio';
    rows[2_100] = ',nobody';
    const files = { 'users.csv': `subject,identity\n${rows.join('\n')}\n` };
    const { code, stdout, stderr } = await operated.run([...importCsv, '--reason', 'x'], { files });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^line 2102, subject: Is empty\.$/m);
    expect(stdout).toMatch(/^line 4502, identity: Is the identity of another person already, in line 5\.$/m);
    expect(stderr).toBe('Nothing was linked. Correct the lines above and run it again.\n');
    expect(await operated.mint('person-1')).toMatch(/^m_/);
  });

  test('shows a bar with rate and remaining time on a terminal, and takes it away', async () => {
    const rows = Array.from({ length: 5_000 }, (_, n) => `person-${n},person-${n}-in-twilio`);
    const files = { 'users.csv': `subject,identity\n${rows.join('\n')}\n` };
    const { code, stdout, stderr } = await operated.run([...importCsv, '--reason', 'x'], {
      files,
      tty: true,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^linked +5,000$/m);
    expect(stderr).toMatch(/linking \[#+-+\] 2,000 of 5,000, [\d,]+\/s, \d+ s left/);
    expect(stderr.endsWith('\r\u001b[K')).toBe(true);
    expect(stdout).not.toContain('\u001b');
  });

  test('a clash that appears while it links says which line of the file it was', async () => {
    const rows = Array.from({ length: 4_100 }, (_, n) => `person-${n},person-${n}-in-twilio`);
    const files = { 'users.csv': `subject,identity\n${rows.join('\n')}\n` };
    let writes = 0;
    const { code, stderr } = await operated.run([...importCsv, '--reason', 'x'], {
      files,
      async fetch(input, init) {
        const isWrite = !String(input).includes('dryRun') && ++writes === 3;
        if (isWrite) await operated.mint('person-4050');
        return fetch(input, init);
      },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('line 4052, subject: The person was counted this month');
    expect(stderr).toContain('conflict');
    expect(await operated.mint('person-1')).toBe('person-1-in-twilio');
  });

  test.each([
    [['users.csv'], '--reason'],
    [['users.txt', '--reason', 'x'], '--format'],
    [['users.csv', '--format', 'xml', '--reason', 'x'], 'csv or ndjson'],
    [['missing.csv', '--reason', 'x'], 'ENOENT'],
    [['latin.csv', '--reason', 'x'], 'UTF-8'],
  ])('refuses %j', async (args, words) => {
    const files = { 'users.csv': CSV, 'users.txt': CSV, 'latin.csv': 'subject,identity\nJos\ufffd,jose\n' };
    const { code, stderr } = await operated.run(['identities', 'import', ...args], { files });
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});

describe('identities link', () => {
  const link = ['identities', 'link', '--issuer', ISSUER, '--subject', 'ada', '--identity', 'ada-in-twilio'];

  test('serves one person as an identity that exists', async () => {
    const { code, stdout } = await operated.run([...link, '--reason', 'same person']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'served as ada-in-twilio from now on\n' });
    expect(await operated.mint('ada')).toBe('ada-in-twilio');
    expect((await operated.run([...link, '--reason', 'again'])).stdout).toBe(
      'served as ada-in-twilio already\n',
    );
  });

  test('refuses whoever is counted already under their own identity', async () => {
    await operated.mint('ada');
    const { code, stderr } = await operated.run([...link, '--reason', 'too late']);
    expect(code).toBe(1);
    expect(stderr).toContain('billed twice');
  });
});

describe('identities show, block and erase', () => {
  test('show: months, signals, links, block', async () => {
    const identity = await operated.mint('ada');
    const { code, stdout } = await operated.run(['identities', 'show', identity]);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^identity +${identity}$`, 'm'));
    expect(stdout).toMatch(/^2026-11 +member +– +2026-11-20T21:00:00Z .* 1 {2}minted$/m);
    expect((await operated.runJson(['identities', 'show', identity])).json).toMatchObject({
      identity,
      blocked: false,
    });
  });

  test('an identity of which nothing is known is a failure', async () => {
    const { code, stdout, stderr } = await operated.run(['identities', 'show', 'm_nobody']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Not found: /);
  });

  test('with --json a refusal is JSON too', async () => {
    const { code, json } = await operated.runJson(['identities', 'show', 'm_nobody']);
    expect({ code, json }).toMatchObject({ code: 1, json: { code: 'not-found', status: 404 } });
  });

  test('block stops the next token, --lift allows it again', async () => {
    const identity = await operated.mint('ada');
    expect(await operated.run(['identities', 'block', identity, '--reason', 'spam'])).toMatchObject({
      code: 0,
    });
    expect(await operated.mint('ada')).toBe('identity-blocked');
    const lift = ['identities', 'block', identity, '--lift', '--reason', 'mistake'];
    expect(await operated.run(lift)).toMatchObject({ code: 0, stdout: `${identity}: not blocked\n` });
    expect(await operated.mint('ada')).toBe(identity);
  });

  test('blocking ahead is done, and said to concern nobody yet', async () => {
    const block = (name: string) => operated.run(['identities', 'block', name, '--reason', 'spam']);
    const { code, stdout, stderr } = await block('m_nosuchperson');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'm_nosuchperson: blocked; gets no new token\n' });
    expect(stderr).toContain('note: nobody of this name was counted in the months that are kept.');
    expect((await block(await operated.mint('ada'))).stderr).toBe('');
    const linking = [
      'identities',
      'link',
      '--issuer',
      ISSUER,
      '--subject',
      'grace',
      '--identity',
      'grace-was',
    ];
    await operated.run([...linking, '--reason', 'moving']);
    expect((await block('grace-was')).stderr).toBe('');
    const lifted = await operated.run(['identities', 'block', 'm_nosuchperson', '--lift', '--reason', 'oh']);
    expect(lifted.stderr).toBe('');
  });

  test('what is no identity is told with the whole alphabet', async () => {
    const { code, stderr } = await operated.run(['identities', 'show', 'a b']);
    expect(code).toBe(2);
    expect(stderr).toContain('1 to 256 letters, digits and . _ ~ @ + - only.');
    expect((await operated.run(['identities', 'block', 'a.b_c~d@e+f-1', '--reason', 'x'])).code).toBe(0);
  });

  test('a name cannot reach beyond its place in the path', async () => {
    const paths: string[] = [];
    await operated.run(['identities', 'block', '../budget?x=/', '--reason', 'x'], {
      fetch: (input, init) => {
        paths.push(new URL(String(input)).pathname);
        return fetch(input, init);
      },
    });
    expect(paths).toEqual(['/v1/identities/..%2Fbudget%3Fx%3D%2F/block']);
  });

  test('erase puts a pseudonym in place, and the counts stay', async () => {
    const identity = await operated.mint('ada');
    const erase = ['identities', 'erase', '--issuer', ISSUER, '--subject', 'ada', '--reason', 'asked for it'];
    const { code, stdout } = await operated.run(erase);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '1 identity has a pseudonym now; counted in: 2026-11\n',
    });
    expect(await operated.run(['identities', 'show', identity])).toMatchObject({ code: 1 });
    expect((await operated.runJson(['budget', 'show'])).json).toMatchObject({ used: 1 });
    expect(await operated.run(erase)).toMatchObject({
      code: 1,
      stdout: 'nothing is known of this person\n',
      stderr: expect.stringMatching(/^next step {2}Compare --issuer and --subject/),
    });
  });

  test.each([
    [['block', 'm_1'], '--reason'],
    [['erase', '--issuer', ISSUER, '--subject', 'ada'], '--reason'],
    [['erase', '--subject', 'ada', '--reason', 'x'], '--issuer'],
    [['link', '--issuer', ISSUER, '--subject', 'ada', '--reason', 'x'], '--identity'],
    [['show'], 'missing required argument'],
  ])('refuses %j', async (args, words) => {
    const { code, stdout, stderr } = await operated.run(['identities', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });
});
