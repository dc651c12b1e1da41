import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ISSUER, type OperatorGateway, startOperatorGateway } from './operator-gateway.ts';

let operated: OperatorGateway;
beforeEach(async () => {
  operated = await startOperatorGateway();
});
afterEach(() => operated.stop());

const explain = ['explain', '--issuer', ISSUER];

describe('explain', () => {
  test('says who it is, what each rule says, and what each limit says', async () => {
    const identity = await operated.mint('ada');
    const { code, stdout, stderr } = await operated.run([...explain, '--subject', 'ada']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^served, until 2026-11-20T22:/);
    expect(stdout).toMatch(new RegExp(`^identity +${identity}$`, 'm'));
    expect(stdout).toMatch(/^rule +verdict +looked at$/m);
    expect(stdout).toMatch(/^2026-11: counted already/m);
  });

  test('exits 4 when the budget would refuse, with its numbers', async () => {
    await operated.run(['budget', 'set', '--limit', '1', '--reason', 'x']);
    await operated.mint('ada');
    const { code, stdout } = await operated.run([...explain, '--subject', 'grace']);
    expect(code).toBe(4);
    expect(stdout).toMatch(/^refused: mau-budget-exhausted$/m);
    expect(stdout).toMatch(/^all +1 +1 +0 +full: refuses$/m);
    expect((await operated.run([...explain, '--subject', 'ada'])).code).toBe(0);
  });

  test('a refusal of the policy is an answer, not a failure', async () => {
    const { code, json } = await operated.runJson([...explain, '--subject', 'ada', '--intent', 'page_load']);
    expect({ code, json }).toMatchObject({ code: 0, json: { refusal: { code: 'lazy-connect-required' } } });
  });

  test('fails when the claims name nobody, and says what to compare', async () => {
    const other = ['explain', '--issuer', 'https://other.example/', '--subject', 'ada'];
    const { code, stdout, stderr } = await operated.run(other);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^refused: unauthenticated$/m);
    expect(stderr).toMatch(/^next step {2}Compare --issuer with `issuers`/);
    expect(await operated.runJson(other)).toMatchObject({
      ...{ code: 1, stderr: '', json: { refusal: { code: 'unauthenticated' } } },
    });
  });

  test('mints and counts nothing', async () => {
    await operated.run([...explain, '--subject', 'ada']);
    expect((await operated.runJson(['budget', 'show'])).json).toMatchObject({ used: 0 });
  });

  test('takes claims of a file and one by one, and hints', async () => {
    const args = [
      '--claims',
      'claims.json',
      '--claim',
      'roles=["x"]',
      '--claim',
      'name=Ada',
      '--hint',
      'crawler',
    ];
    const sent: unknown[] = [];
    await operated.run([...explain, ...args, '--tab-state', 'hidden'], {
      files: { 'claims.json': '{ "sub": "ada", "name": "overwritten" }' },
      fetch: (input, init) => {
        sent.push(JSON.parse(String(init?.body)));
        return fetch(input, init);
      },
    });
    expect(sent).toEqual([
      {
        issuer: ISSUER,
        claims: { sub: 'ada', name: 'Ada', roles: ['x'] },
        request: { intent: 'open_chat', tabState: 'hidden', hints: { crawler: true } },
      },
    ]);
  });

  test.each([
    [['explain', '--subject', 'ada'], '--issuer'],
    [[...explain], '--subject'],
    [[...explain, '--subject', 'ada', '--hint', 'robot'], 'prefetch, crawler or origin-missing'],
    [[...explain, '--claims', 'missing.json'], 'missing.json cannot be read: ENOENT'],
    [[...explain, '--claims', 'list.json'], 'must hold a JSON object'],
    [[...explain, '--claim', 'plain'], 'name=value'],
    [[...explain, '--subject', 'ada', '--tab-state', 'open'], '/request/tabState'],
  ])('refuses %j', async (args, words) => {
    const { code, stderr } = await operated.run(args, { files: { 'list.json': '[]' } });
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});

describe('simulate', () => {
  const simulate = ['simulate', '--month', '2026-11'];

  test('says what the month would have been under another budget', async () => {
    for (const subject of ['ada', 'grace', 'linus']) await operated.mint(subject);
    const { code, stdout, stderr } = await operated.run([...simulate, '--limit', '2', '--mode', 'block']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^identities +3 +2 +-1$/m);
    expect(stdout).toMatch(/^ {2}refused: mau-budget-exhausted +1$/m);
    expect(stdout).toMatch(/^cost, high, USD +0\.15 +0\.10 +-0\.05$/m);
    expect(stdout).toMatch(/^note: /m);
    expect((await operated.runJson(['budget', 'show'])).json).toMatchObject({ limit: 10 });
  });

  test('does not compare with requests that were refused then: they are not played again', async () => {
    await operated.mint('ada');
    await operated.run(['freeze', 'on', '--reason', 'x']);
    expect(await operated.mint('grace')).toBe('new-identities-frozen');
    const { stdout } = await operated.run([...simulate, '--limit', '5', '--mode', 'block']);
    expect(stdout).not.toContain('new-identities-frozen');
    expect(stdout).not.toContain('refused:');
    expect(stdout).toMatch(/^note: .*requests that were refused .* are not in the log/m);
  });

  test('takes intents, and a whole policy of a file', async () => {
    await operated.mint('ada');
    const denied = await operated.runJson([...simulate, '--intent', 'open_chat=deny']);
    expect(denied.json).toMatchObject({
      simulated: { identities: { total: 0 }, minted: 0 },
      recorded: { minted: 1 },
    });
    const files = { 'policy.json': '{ "budget": { "limit": 0, "mode": "block" } }' };
    const full = await operated.runJson([...simulate, '--policy', 'policy.json'], { files });
    expect(full.json).toMatchObject({ simulated: { refused: { 'mau-budget-exhausted': 1 } } });
  });

  test.each([
    [simulate, 'say what to try'],
    [[...simulate, '--policy', 'policy.json', '--limit', '1'], 'has a budget already'],
    [[...simulate, '--intent', 'open_chat'], 'name=value'],
    [['simulate', '--month', '2026-13', '--limit', '1'], '/month'],
    [[...simulate, '--intent', 'open_chat=maybe'], '/policy/intents'],
  ])('refuses %j', async (args, words) => {
    const files = { 'policy.json': '{ "budget": { "limit": 0, "mode": "block" } }' };
    const { code, stderr } = await operated.run(args, { files });
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});
