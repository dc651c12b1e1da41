import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN_KEY, type OperatorGateway, startOperatorGateway, VIEWER_KEY } from './operator-gateway.ts';

let operator: OperatorGateway;
beforeEach(async () => {
  operator = await startOperatorGateway();
});
afterEach(() => operator.stop());

async function fromApi(path: string): Promise<unknown> {
  const response = await fetch(`${operator.url}${path}`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  });
  return response.json();
}

describe('usage', () => {
  it('prints the API’s object with --json', async () => {
    await operator.mint('ada');
    const { code, json } = await operator.runJson(['usage']);
    expect(code).toBe(0);
    expect(json).toEqual(await fromApi('/v1/months/current'));
    expect(json.identities.total).toBe(1);
  });

  it('prints the same figures in words, money only for those who may see it', async () => {
    await operator.mint('ada');
    const { stdout, stderr } = await operator.run(['usage', '--month', '2026-11']);
    expect(stdout).toMatch(/^default, 2026-11, as of 2026-11-20T21:00:00.123Z$/m);
    expect(stdout).toMatch(/^identities +1$/m);
    expect(stdout).toMatch(/^cost +0.00 to 0.05 USD \(flat\)$/m);
    expect(stdout).toMatch(/^left +9$/m);
    expect(stderr).toBe('');
    const viewer = await operator.run(['usage'], { env: { MAU_OPS_KEY: VIEWER_KEY } });
    expect(viewer.stdout).toMatch(/^identities +1$/m);
    expect(viewer.stdout).not.toContain('cost');
  });

  it('exits 4 when the whole budget is used up', async () => {
    for (let n = 0; n < 10; n++) await operator.mint(`person-${n}`);
    expect(await operator.run(['usage'])).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/newcomers are refused[\s\S]*mau-guard budget raise/),
    });
    expect((await operator.run(['usage', '--month', '2026-10'])).code).not.toBe(2);
  });

  it('says that nobody new is admitted', async () => {
    expect((await operator.run(['usage'])).stdout).not.toContain('frozen');
    await operator.run(['freeze', 'on', '--reason', 'attack']);
    const frozen = /^frozen since 2026-11-20T21:00:00\S*Z: nobody new is admitted$/m;
    expect((await operator.run(['usage'], { env: { MAU_OPS_KEY: VIEWER_KEY } })).stdout).toMatch(frozen);
    expect((await operator.run(['usage', '--month', '2026-10'])).stdout).not.toMatch(frozen);
  });

  it('counts by other rules', async () => {
    const { json } = await operator.runJson(['usage', '--rules', 'audit-article-2026-11']);
    expect(json.activeUsers.rules).toBe('audit-article-2026-11');
    expect((await operator.run(['usage', '--rules', 'mine'])).code).not.toBe(0);
  });

  it('says what is wrong with a month', async () => {
    const { code, stderr } = await operator.run(['usage', '--month', '2026-13']);
    expect(code).toBe(2);
    expect(stderr).toContain('YYYY-MM');
  });
});

describe('close', () => {
  it('freezes a month that is over, and shows what is another', async () => {
    const open = await operator.run(['close', '--month', '2026-10', '--show']);
    expect(open).toMatchObject({ code: 0, stdout: 'default, 2026-10: open\n' });
    expect((await operator.run(['close', '--month', '2026-10'])).code).toBe(2);
    const { code, json } = await operator.runJson(['close', '--month', '2026-10', '--reason', 'books']);
    expect(code).toBe(0);
    expect(json).toEqual(await fromApi('/v1/months/2026-10/close'));
    const shown = await operator.run(['close', '--month', '2026-10', '--show']);
    expect(shown.stdout).toMatch(/closed at 2026-11-20T21:00:00.123Z by anna/);
    expect(shown.stdout).toMatch(/nothing has changed since/);
    expect(await operator.audit()).toMatchObject([{ action: 'month.close', reason: 'books', by: 'anna' }]);
  });

  it('exits 1 for one that is not', async () => {
    const { code, stderr } = await operator.run(['close', '--month', 'current', '--reason', 'too early']);
    expect(code).toBe(1);
    expect(stderr).toContain('is not over yet');
  });
});

describe('an unknown command', () => {
  it('is answered with the one that was meant', async () => {
    const { code, stderr } = await operator.run(['usge']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean usage?');
  });
});
