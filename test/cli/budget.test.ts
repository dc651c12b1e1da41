import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ADMIN_KEY, type OperatorGateway, startOperatorGateway, VIEWER_KEY } from './operator-gateway.ts';

let operated: OperatorGateway;
beforeEach(async () => {
  operated = await startOperatorGateway();
});
afterEach(() => operated.stop());

async function shown() {
  return (await operated.runJson(['budget', 'show'])).json;
}

describe('budget show', () => {
  test('prints every limit and how far it is used', async () => {
    await operated.mint('ada');
    const { code, stdout, stderr } = await operated.run(['budget', 'show']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^default, 2026-11: mode block, as configured$/m);
    expect(stdout).toMatch(/^all +10 +0 +1 +9$/m);
    expect(stdout).not.toContain('\u001b');
  });

  test("--json prints the API's object", async () => {
    expect(await shown()).toMatchObject({
      service: 'default',
      limit: 10,
      mode: 'block',
      source: 'configured',
    });
  });

  test('a viewer may look', async () => {
    expect(await operated.run(['budget', 'show'], { env: { MAU_OPS_KEY: VIEWER_KEY } })).toMatchObject({
      code: 0,
    });
  });

  test('exits 4 when the whole budget is used up', async () => {
    await operated.run(['budget', 'set', '--limit', '1', '--reason', 'small']);
    await operated.mint('ada');
    const { code, stderr } = await operated.run(['budget', 'show']);
    expect(code).toBe(4);
    expect(stderr).toContain('newcomers are refused');
    expect(stderr).toContain('mau-guard budget raise');
    expect(await operated.runJson(['budget', 'show'])).toMatchObject({ code: 4, stderr: '' });
    await operated.run(['budget', 'set', '--mode', 'off', '--reason', 'no more']);
    expect(await operated.run(['budget', 'show'])).toMatchObject({ code: 0 });
  });
});

describe('budget set', () => {
  test('changes what is named and leaves the rest', async () => {
    const first = [
      '--class',
      'guest=4',
      '--tenant',
      'a=b=3',
      '--reserve',
      'agent=2',
      '--spike-guard',
      '2.5,7,warn',
    ];
    await operated.run(['budget', 'set', ...first, '--thresholds', '60,100', '--reason', 'shares']);
    expect(await shown()).toMatchObject({
      ...{ limit: 10, mode: 'block', source: 'operator', thresholds: [60, 100] },
      ...{ classes: { guest: 4 }, tenants: { 'a=b': 3 }, reserve: { agent: 2 } },
      spikeGuard: { factor: 2.5, minimum: 7, mode: 'warn' },
    });

    const second = ['--limit', '20', '--class', 'guest=none', '--spike-guard', 'none'];
    const { code, stdout, stderr } = await operated.run(['budget', 'set', ...second, '--reason', 'more']);
    expect(code).toBe(0);
    expect(stderr).toBe('limit: 10 → 20\nclass:guest: 4 → none\nspike guard: 2.5, 7, warn → none\n');
    expect(stdout).toMatch(/^all +20/m);
    expect(await shown()).toMatchObject({
      ...{ limit: 20, classes: {}, tenants: { 'a=b': 3 }, reserve: { agent: 2 }, spikeGuard: null },
    });
    expect(await operated.audit()).toEqual([
      { action: 'budget.set', reason: 'more', by: 'anna' },
      { action: 'budget.set', reason: 'shares', by: 'anna' },
    ]);
  });

  test('holds from the next request on', async () => {
    expect(await operated.mint('ada')).toMatch(/^m_/);
    await operated.run(['budget', 'set', '--limit', '1', '--reason', 'full']);
    expect(await operated.mint('grace')).toBe('mau-budget-exhausted');
    expect(await operated.mint('ada')).toMatch(/^m_/);
  });

  test('a limit below what is counted is made all the same, and said with its numbers', async () => {
    for (const person of ['ada', 'grace', 'linus', 'radia']) await operated.mint(person);
    const set = (...args: string[]) => operated.run(['budget', 'set', ...args, '--reason', 'x']);
    const full = 'the limit is 2, and 4 are counted already:';
    expect(await set('--limit', '2', '--class', 'member=4')).toMatchObject({
      code: 0,
      stderr:
        `limit: 10 → 2\nclass:member: none → 4\nwarning: all: ${full} newcomers are refused, those counted are served\n` +
        'warning: class:member: the limit is 4, and 4 are counted already: newcomers are refused, those counted are served\n',
    });
    const warned = await set('--mode', 'warn', '--class', 'member=none');
    expect(warned.stderr).toContain(`warning: all: ${full} newcomers are let in all the same`);
    expect((await set('--mode', 'off')).stderr).not.toContain('warning');
    expect((await set('--mode', 'block', '--limit', '5')).stderr).not.toContain('warning');
  });

  test('does not overwrite what somebody else has written meanwhile', async () => {
    const sneaky: typeof fetch = async (input, init) => {
      if (init?.method === 'PUT') {
        const other = await operated.run(['budget', 'set', '--limit', '77', '--reason', 'faster']);
        expect(other.code).toBe(0);
      }
      return fetch(input, init);
    };
    const { code, stdout, stderr } = await operated.run(
      ['budget', 'set', '--limit', '5', '--reason', 'slower'],
      {
        fetch: sneaky,
      },
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Precondition failed: /);
    expect(stderr).toMatch(/^ {2}code +precondition-failed$/m);
    expect(stderr).toMatch(/^ {2}request +\S+$/m);
    expect(stderr).toMatch(/^ {2}next step .*run the command again/m);
    expect(await shown()).toMatchObject({ limit: 77 });
  });

  test('is done once when it is sent again under its key', async () => {
    const args = ['budget', 'set', '--limit', '12', '--reason', 'once', '--idempotency-key', 'k1'];
    expect(await operated.run(args)).toMatchObject({ code: 0 });
    expect(await operated.run(args)).toMatchObject({ code: 0 });
    expect(await operated.audit()).toHaveLength(1);
  });

  test('under its key again, once another has changed something else, is told that the key was used', async () => {
    const args = ['budget', 'set', '--limit', '12', '--reason', 'once', '--idempotency-key', 'k1'];
    expect(await operated.run(args)).toMatchObject({ code: 0 });
    await operated.run(['budget', 'set', '--class', 'guest=4', '--reason', 'another']);
    const { code, stderr } = await operated.run(args);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `next step  Something was done under this key: see GET ${operated.url}/v1/audit,`,
    );
    expect(stderr).not.toContain('Nothing was changed');
  });

  test('names every fault that the gateway finds, and exits 2', async () => {
    const args = ['budget', 'set', '--thresholds', '90,50', '--reserve', 'agent=11', '--class', 'nobody=1'];
    const { code, stdout, stderr } = await operated.run([...args, '--reason', 'wrong']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const word of ['/thresholds', '/reserve', '/classes', 'invalid-request'])
      expect(stderr).toContain(word);
    expect(await operated.audit()).toEqual([]);
  });

  test.each([
    [['--limit', '5'], '--reason'],
    [['--limit', '5', '--reason', ' '], '--reason'],
    [['--reason', 'x'], 'say what is to change'],
    [['--limit', '-5', '--reason', 'x'], '--limit'],
    [['--limit', '1.5', '--reason', 'x'], '--limit 1.5'],
    [['--mode', 'strict', '--reason', 'x'], 'off, warn or block'],
    [['--class', 'guest', '--reason', 'x'], 'name=value'],
    [['--thresholds', 'half', '--reason', 'x'], 'whole percents'],
    [['--spike-guard', '2', '--reason', 'x'], 'factor,minimum,mode'],
  ])('refuses %j before anything is sent', async (args, words) => {
    const { code, stdout, stderr } = await operated.run(['budget', 'set', ...args], {
      fetch: () => Promise.reject(new Error('nothing should be sent')),
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });
});

describe('budget raise', () => {
  test('lifts a limit until the end of the month, and ends again', async () => {
    const raise = ['budget', 'raise', '5', '--until', 'month-end', '--reason', 'sale'];
    const { code, json } = await operated.runJson(raise);
    expect(code).toBe(0);
    expect(json).toMatchObject({
      identities: 5,
      budget: 'all',
      expiresAt: '2026-12-01T00:00:00Z',
      by: 'anna',
    });
    expect(await shown()).toMatchObject({ limit: 10, effective: { limit: 15 } });
    expect((await operated.run(['budget', 'show'])).stdout).toContain(json.id);

    expect(await operated.run(['budget', 'raise', '--end', json.id, '--reason', 'over'])).toMatchObject({
      code: 0,
    });
    expect(await shown()).toMatchObject({ effective: { limit: 10 } });
  });

  test.each([
    ['2026-11-21', '2026-11-21T00:00:00Z'],
    ['2026-11-21T12:00:00+02:00', '2026-11-21T10:00:00Z'],
  ])('until %s', async (until, expiresAt) => {
    const { json } = await operated.runJson(['budget', 'raise', '5', '--until', until, '--reason', 'x']);
    expect(json).toMatchObject({ expiresAt });
  });

  test.each([
    [['5', '--reason', 'x'], '--until'],
    [['--until', 'month-end', '--reason', 'x'], 'how many'],
    [['5', '--until', 'tomorrow', '--reason', 'x'], '--until tomorrow'],
    [['5', '--until', '2026-11-21T12:00:00', '--reason', 'x'], 'zone'],
    [['5', '--until', '2026-11-31', '--reason', 'x'], '--until 2026-11-31: must be'],
    [['5', '--until', '2026-11-31T00:00:00Z', '--reason', 'x'], '--until 2026-11-31T00:00:00Z: must be'],
    [['0', '--until', 'month-end', '--reason', 'x'], 'from 1 to 1000000000\n'],
    [['none', '--until', 'month-end', '--reason', 'x'], 'from 1 to 1000000000\n'],
    [['5', '--end', 'raise_1', '--reason', 'x'], 'not both'],
    [['5', '--until', '2026-11-01', '--reason', 'x'], 'in the future'],
    [['5', '--until', '2026-12-02', '--reason', 'x'], 'end of the month'],
    [['5', '--budget', 'class:agent', '--until', 'month-end', '--reason', 'x'], 'no limit'],
  ])('refuses %j', async (args, words) => {
    const { code, stderr } = await operated.run(['budget', 'raise', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(await operated.audit()).toEqual([]);
  });
});

test('the key is never printed', async () => {
  for (const args of [
    ['budget', 'show'],
    ['budget', 'set', '--limit', '3', '--reason', 'x'],
    ['freeze', 'oops'],
  ]) {
    const { stdout, stderr } = await operated.run(args);
    expect(stdout + stderr).not.toContain(ADMIN_KEY);
  }
});
