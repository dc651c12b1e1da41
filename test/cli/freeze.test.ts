import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OperatorGateway, startOperatorGateway, VIEWER_KEY } from './operator-gateway.ts';

let operated: OperatorGateway;
beforeAll(async () => {
  operated = await startOperatorGateway();
});
afterAll(() => operated.stop());

test('on, status, off: newcomers are refused in between, known people never', async () => {
  await operated.mint('ada');
  expect(await operated.run(['freeze', 'status'])).toMatchObject({
    ...{ code: 0, stdout: 'default, 2026-11: not frozen; new people are admitted\n' },
  });

  expect(await operated.run(['freeze', 'on', '--reason', 'attack'])).toMatchObject({ code: 0, stderr: '' });
  expect(await operated.mint('grace')).toBe('new-identities-frozen');
  expect(await operated.mint('ada')).toMatch(/^m_/);
  const { code, json } = await operated.runJson(['freeze', 'status']);
  expect({ code, json }).toMatchObject({
    code: 0,
    json: { frozen: true, since: '2026-11-20T21:00:00.123Z' },
  });

  expect(await operated.run(['freeze', 'off', '--reason', 'over'])).toMatchObject({ code: 0 });
  expect(await operated.mint('grace')).toMatch(/^m_/);
  expect(await operated.audit()).toEqual([
    { action: 'freeze.lift', reason: 'over', by: 'anna' },
    { action: 'freeze.set', reason: 'attack', by: 'anna' },
  ]);
});

test.each(['on', 'off'])('%s needs a reason', async (which) => {
  const { code, stdout, stderr } = await operated.run(['freeze', which]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('say why with --reason');
});

test('a viewer may look but not write', async () => {
  const env = { MAU_OPS_KEY: VIEWER_KEY };
  expect(await operated.run(['freeze', 'status'], { env })).toMatchObject({ code: 0 });
  const { code, stderr } = await operated.run(['freeze', 'on', '--reason', 'x'], { env });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Forbidden: .*role admin/);
  expect(stderr).toMatch(/next step +Use the key of an operator with that role/);
});
