import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fillMonths, makeFolder, monthNamed } from '../archive/archive-kit.ts';
import { ADMIN_KEY, type OperatorGateway, startOperatorGateway } from '../cli/operator-gateway.ts';

const [AUGUST, SEPTEMBER] = [monthNamed('2026-08'), monthNamed('2026-09')];

let gateway: OperatorGateway;
beforeAll(async () => {
  gateway = await startOperatorGateway({}, undefined, `retention: { archive: ${makeFolder()} }`);
  await fillMonths(gateway.gateway.ledger, [AUGUST, SEPTEMBER]);
  await gateway.run(['close', '--month', AUGUST, '--reason', 'books']);
  expect(await gateway.run(['archive', '--month', AUGUST, '--trim', '--reason', 'out'])).toMatchObject({
    code: 0,
  });
});
afterAll(() => gateway.stop());

async function ask(method: string, path: string, body?: object) {
  const response = await fetch(`${gateway.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

async function refusal(method: string, path: string, body?: object): Promise<string> {
  const { status, text } = await ask(method, path, body);
  const { code, detail } = JSON.parse(text);
  expect([status, code]).toEqual([409, 'conflict']);
  return detail;
}

describe('a month whose rows are in the archive', () => {
  it('is refused where an answer without them would be wrong', async () => {
    const policy = { budget: { limit: 1, mode: 'block' } };
    expect(await refusal('POST', '/v1/simulations', { month: AUGUST, policy })).toBe(
      'Rows of 2026-08 are in the archive. Put the month back first.',
    );
    expect(await refusal('GET', '/v1/months/2026-08/duplicates')).toBe(
      'The people of 2026-08 are in the archive. Put the month back first.',
    );
    const before = await gateway.audit();
    expect(await refusal('POST', '/v1/months/2026-08/reconciliation?people=true')).toBe(
      'The people of 2026-08 are in the archive. Put the month back first, or compare its figures alone.',
    );
    expect(await gateway.audit()).toEqual(before);
  });

  it('keeps no other one from being answered', async () => {
    const policy = { budget: { limit: 1, mode: 'block' } };
    expect(await ask('POST', '/v1/simulations', { month: SEPTEMBER, policy })).toMatchObject({ status: 200 });
    expect(await ask('GET', '/v1/months/2026-09/duplicates')).toMatchObject({ status: 200 });
  });

  it('says so on its pages, and offers no file of them', async () => {
    const list = (await ask('GET', '/ops/identities?month=2026-08')).text;
    expect(list).toContain('The people of August 2026 are in the archive.');
    expect(list).toContain('mau-guard restore --month 2026-08');
    expect(list).not.toContain('Nobody was counted');
    const month = (await ask('GET', '/ops?month=2026-08')).text;
    expect(month).toContain('The identities and mints of August 2026 are in the archive.');
    expect(month).not.toContain('/ops/exports/');
    const there = (await ask('GET', '/ops?month=2026-09')).text;
    expect(there).toContain('/ops/exports/2026-09');
    expect(there).not.toContain('in the archive');
  });
});
