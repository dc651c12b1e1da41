import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mintTokens } from '../reports/fill-month.ts';
import { type OperatorGateway, startOperatorGateway, VIEWER_KEY } from './operator-gateway.ts';

let operated: OperatorGateway;
beforeAll(async () => {
  operated = await startOperatorGateway();
  const mints = Array.from({ length: 9 }, (_, index) => ({
    identity: `m_${index}`,
    at: '2026-10-02T10:00:00Z',
  }));
  await mintTokens(operated.gateway.ledger, mints);
});
afterAll(() => operated.stop());

/** The API's own object, asked for by hand. */
async function asked(path: string): Promise<Record<string, unknown>> {
  const headers = { authorization: 'Bearer mgk_the-admin' };
  const response = await fetch(`${operated.url}${path}`, { headers });
  return (await response.json()) as Record<string, unknown>;
}

test.each(['forecast', 'waste'])('%s --json prints the API’s object', async (what) => {
  const { code, json } = await operated.runJson([what, '--month', '2026-10']);
  expect(code).toBe(0);
  expect(json).toEqual(await asked(`/v1/months/2026-10/${what}`));
  expect(json.month).toBe('2026-10');
});

test('forecast tells why there is none, and what a past month was', async () => {
  const now = await operated.run(['forecast']);
  expect(now).toMatchObject({ code: 0, stderr: '' });
  expect(now.stdout).toBe(
    'default, 2026-11: 0 identities by now\nno forecast below 50 identities: a few people more or less would change everything\n',
  );
  const past = await operated.run(['forecast', '--month', '2026-10']);
  expect(past.stdout).toMatch(
    /^default, 2026-10\n\n {13}low {3}mid {2}high\nidentities {5}9 {5}9 {5}9\nUSD {9}0\.00 {2}0\.45 {2}0\.45\n/,
  );
});

test('waste is told by kind with its dollars', async () => {
  const { stdout } = await operated.run(['waste', '--month', '2026-10']);
  expect(stdout).toMatch(/minted, never seen connected +9 +0\.00 +0\.45/);
  expect(stdout).toContain('note: Nobody was seen to connect');
  const { json } = await operated.runJson([
    'waste',
    '--month',
    '2026-10',
    '--rules',
    'audit-article-2026-11',
  ]);
  expect(json.total.cost).toEqual({ low: 0, high: 0 });
});

test('waste is not for viewers, and a malformed month or version is wrong use', async () => {
  expect(await operated.run(['waste'], { env: { MAU_OPS_KEY: VIEWER_KEY } })).toMatchObject({
    code: 1,
    stdout: '',
  });
  for (const args of [
    ['waste', '--rules', 'mine'],
    ['waste', '--month', '2026-13'],
    ['forecast', '--month', '../x'],
  ]) {
    expect(await operated.run(args)).toMatchObject({ code: 2, stdout: '' });
  }
});
