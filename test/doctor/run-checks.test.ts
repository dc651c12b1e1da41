import { expect, test } from '@jest/globals';
import type { Check } from '../../src/doctor/check.ts';
import { error, ok, warn } from '../../src/doctor/finding.ts';
import { createHideSecrets } from '../../src/doctor/hide-secrets.ts';
import { runChecks } from '../../src/doctor/run-checks.ts';

const PROBLEM = { detail: 'found', why: 'matters', fix: 'do' };
const OPTIONS = {
  ...{ offline: false, strict: false },
  elapsed: () => performance.now(),
  hide: (text: string) => text,
};

function check(id: string, look: Check['look'], reach: Check['reach'] = 'local'): Check {
  return { ...{ id, name: id, about: null, reach }, look };
}

test('answers in the order given, made at the same time', async () => {
  // Each ends only when the next one has begun, so that one after the other none would.
  const ids = ['a', 'b', 'c'];
  const begins: (() => void)[] = [];
  const begun = ids.map(
    (_, place) =>
      new Promise<void>((begin) => {
        begins[place] = begin;
      }),
  );
  const waiting = ids.map((id, place) =>
    check(id, async () => {
      begins[place]?.();
      await begun[place + 1];
      return ok('done');
    }),
  );
  const { checks } = await runChecks(waiting, OPTIONS);
  expect(checks.map(({ id, status }) => [id, status])).toEqual(ids.map((id) => [id, 'ok']));
  expect(checks[0]).toEqual({
    ...{ id: 'a', name: 'a', about: null, status: 'ok', detail: 'done', why: null, fix: null },
    docs: 'docs/doctor.md#a',
    durationMs: expect.any(Number),
  });
});

test('a check that hangs is an error at its limit, and the others are told all the same', async () => {
  const hangs = check('hangs', () => new Promise(() => {}));
  const report = await runChecks([hangs, check('fine', async () => ok('fine'))], { ...OPTIONS, limitMs: 50 });
  expect(report).toMatchObject({
    ok: false,
    checks: [{ status: 'error', detail: 'no result within 0.05 s' }, { status: 'ok' }],
  });
});

test('a check that throws tells the kind of the error and nothing that is in it', async () => {
  const broken = check('broken', async () => {
    throw new TypeError('with a secret in it');
  });
  const report = await runChecks([broken], OPTIONS);
  expect(report.checks[0]).toMatchObject({ status: 'error', detail: 'the check itself failed: TypeError' });
  expect(JSON.stringify(report)).not.toContain('secret');
});

test('offline leaves out what opens a connection, without touching it', async () => {
  let looked = 0;
  const count = async () => {
    looked++;
    return error(PROBLEM);
  };
  const report = await runChecks([check('out', count, 'outside'), check('in', async () => ok(''))], {
    ...OPTIONS,
    offline: true,
  });
  expect(looked).toBe(0);
  expect(report.ok).toBe(true);
  expect(report.checks.map(({ status }) => status)).toEqual(['skip', 'ok']);
});

test('warnings are fine unless strict; errors never are', async () => {
  const warns = [check('w', async () => warn(PROBLEM))];
  const errs = [check('e', async () => error(PROBLEM))];
  expect((await runChecks(warns, OPTIONS)).ok).toBe(true);
  expect((await runChecks(warns, { ...OPTIONS, strict: true })).ok).toBe(false);
  expect((await runChecks(errs, OPTIONS)).ok).toBe(false);
});

test('takes secrets out of findings and fixes, the longest first', async () => {
  const hide = createHideSecrets(['hunter2', 'hunter2-and-more', '', 'abc']);
  const leaky = check('leaky', async () =>
    warn({ detail: 'wrong hunter2-and-more, abc', why: '', fix: 'not hunter2' }),
  );
  const { checks } = await runChecks([leaky], { ...OPTIONS, hide });
  expect(checks[0]).toMatchObject({ detail: 'wrong ••••, abc', fix: 'not ••••' });
});
