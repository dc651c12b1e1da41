import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fillMonths, makeFolder, monthNamed } from '../archive/archive-kit.ts';
import { recordActs } from '../reports/fill-month.ts';
import { ISSUER, type OperatorGateway, startOperatorGateway, VIEWER_KEY } from './operator-gateway.ts';

const [AUGUST, SEPTEMBER, OCTOBER] = ['2026-08', '2026-09', '2026-10'].map(monthNamed);

let gateway: OperatorGateway;
let root: string;
beforeEach(async () => {
  root = makeFolder();
  gateway = await startOperatorGateway({}, undefined, `retention: { archive: ${root} }`);
  await fillMonths(gateway.gateway.ledger, [AUGUST!, SEPTEMBER!, OCTOBER!]);
  for (const month of [AUGUST, SEPTEMBER, OCTOBER]) {
    await gateway.run(['close', '--month', month!, '--reason', 'books']);
  }
});
afterEach(() => gateway.stop());

const archive = (month: string, ...more: string[]) =>
  gateway.run(['archive', '--month', month, '--reason', 'out of the way', ...more]);
const mintsOf = async (month: string) => {
  const { stdout } = await gateway.run(['export', '--month', month, '--what', 'mints', '--format', 'ndjson']);
  return stdout;
};

describe('archive', () => {
  it('writes a month and waits for the end', async () => {
    const { code, stdout } = await archive('2026-10');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^default, 2026-10: in the archive\nentry +1\nmints +5\nidentities +5\n/);
    expect(stdout).toMatch(/mint log in the ledger +kept\n/);
    expect(readdirSync(join(root, 'default'))).toHaveLength(4);
    expect(await gateway.audit()).toContainEqual({
      action: 'month.archive',
      reason: 'out of the way',
      by: 'anna',
    });
  });

  it('takes rows out of the ledger when told, and restore puts them back', async () => {
    const before = await mintsOf('2026-09');
    const trimmed = await gateway.runJson(['archive', '--month', '2026-09', '--trim', '--reason', 'x']);
    expect([trimmed.code, trimmed.json.mints, trimmed.json.people]).toEqual([0, 'trimmed', 'trimmed']);
    expect(await mintsOf('2026-09')).toBe('');
    const { json: usage } = await gateway.runJson(['usage', '--month', '2026-09']);
    expect([usage.identities.total, usage.mints.minted]).toEqual([5, 5]);

    const restored = await gateway.runJson(['restore', '--month', '2026-09', '--reason', 'audit']);
    expect([restored.code, restored.json.mints]).toEqual([0, 'kept']);
    expect(await mintsOf('2026-09')).toBe(before);
    expect((await gateway.audit()).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['month.trim', 'month.restore']),
    );
  });

  it('forgets whoever is erased while it alone has them', async () => {
    await gateway.runJson(['archive', '--month', '2026-09', '--trim', '--reason', 'x']);
    const erase = ['identities', 'erase', '--issuer', ISSUER, '--subject', 'ada', '--reason', 'asked for it'];
    expect(await gateway.run(erase)).toMatchObject({
      code: 0,
      stdout:
        'nothing is known of this person outside the archive\n' +
        'whatever the archive has of them it forgets within ten minutes\n',
      stderr: expect.stringMatching(/^next step {2}Compare --issuer and --subject/),
    });
  });

  it.each(['identities', 'mints'])(
    'says of an export that the %s left the ledger, and exits 1',
    async (what) => {
      const order = ['export', '--month', '2026-09', '--what', what];
      const signed = what === 'mints' ? order : [...order, '--manifest', join(root, 'september.json')];
      const out = ['--out', join(root, 'september.csv')];
      expect((await gateway.run([...signed, ...out])).code).toBe(0);
      await archive('2026-09', '--trim');
      const words =
        `the ${what} of 2026-09 are in the archive and no longer in the ledger; what puts them back is ` +
        'mau-guard restore --month 2026-09 --reason "…"';
      for (const args of [order, signed, [...order, '--class', 'member']]) {
        expect(await gateway.run(args)).toMatchObject({ code: 1, stderr: `${words}\n` });
      }
      const { code, json } = await gateway.runJson([...signed, ...out]);
      expect([code, json.rows, json.faults.at(-1)]).toEqual([1, 0, words]);

      await gateway.run(['restore', '--month', '2026-09', '--reason', 'audit']);
      expect(await gateway.run([...signed, ...out])).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it('refuses months that are open, or too young to leave', async () => {
    const open = await archive('2026-11');
    expect([open.code, open.stderr]).toEqual([1, expect.stringMatching(/is not over yet/)]);
    const young = await archive('2026-10', '--trim');
    expect([young.code, young.stderr]).toEqual([1, expect.stringMatching(/never leave the ledger/)]);
    const never = await gateway.run(['restore', '--month', '2026-10', '--reason', 'x']);
    expect([never.code, never.stdout]).toEqual([1, expect.stringMatching(/2026-10 is not in the archive/)]);
    expect((await gateway.run(['archive', '--reason', 'x'])).code).toBe(2);
    expect((await gateway.run(['archive', '--month', '2026-10'])).code).toBe(2);
    expect((await archive('2026-10', '--detach')).code).toBe(0);
  });

  it('needs an admin to write, finance to look', async () => {
    const env = { MAU_OPS_KEY: VIEWER_KEY };
    for (const args of [
      ['archive', 'list'],
      ['archive', 'verify'],
      ['archive', '--month', '2026-10', '--reason', 'x'],
    ]) {
      expect((await gateway.run(args, { env })).code).toBe(1);
    }
  });
});

describe('archive list', () => {
  it('shows every month', async () => {
    await archive('2026-09', '--trim');
    const { stdout } = await gateway.run(['archive', 'list']);
    expect(stdout).toMatch(/^month +where +entry +mints +identities +mint log +people\n/);
    expect(stdout).toMatch(/2026-10 +ledger +– +– +– +kept +kept\n/);
    expect(stdout).toMatch(/2026-09 +both +1 +5 +5 +trimmed +trimmed\n/);
  });
});

describe('archive verify', () => {
  beforeEach(async () => {
    for (const month of ['2026-08', '2026-09']) await archive(month);
  });

  it('asks the gateway, or reads a copy', async () => {
    const asked = await gateway.runJson(['archive', 'verify']);
    expect([asked.code, asked.json.ok, asked.json.months]).toEqual([0, true, ['2026-08', '2026-09']]);
    const { head } = asked.json;
    const copy = await gateway.run([
      'archive',
      'verify',
      '--dir',
      root,
      '--head',
      `${head.number}:${head.hash}`,
    ]);
    expect([copy.code, copy.stdout]).toEqual([
      0,
      expect.stringMatching(/^default: the archive is what it was\n/),
    ]);
  });

  it('exits 1 and names the month that was changed', async () => {
    writeFileSync(join(root, 'default/0001-2026-08.mints.ndjson.gz'), 'nothing');
    for (const more of [[], ['--dir', root]]) {
      const { code, stdout } = await gateway.run(['archive', 'verify', ...more]);
      expect([code, stdout]).toEqual([
        1,
        expect.stringMatching(/2026-08: missing: its mint log is missing, or cannot/),
      ]);
      expect(stdout).not.toMatch(/2026-09:/);
    }
  });

  it('exits 2 for what cannot be asked', async () => {
    const verify = (...args: string[]) => gateway.run(['archive', 'verify', '--dir', ...args]);
    expect((await verify(makeFolder())).code).toBe(2);
    expect((await verify(root, '--head', 'seven')).code).toBe(2);
    expect((await verify(root, '--service', 'No Name')).code).toBe(2);
    expect((await verify(root, '--key', 'nowhere.pem')).code).toBe(2);
  });
});

describe('a ledger that was lost', () => {
  let blank: OperatorGateway;
  beforeEach(async () => {
    for (const month of ['2026-08', '2026-09']) await archive(month, '--trim');
    blank = await startOperatorGateway({}, undefined, `retention: { archive: ${root} }`);
    await recordActs(
      blank.gateway.ledger,
      ['m_fay', 'm_gus', 'm_hal'].map((identity) => ({
        ...{ identity, signal: 'messaged' as const, at: '2026-08-20T09:00:00Z' },
      })),
    );
    await blank.run(['close', '--month', '2026-08', '--reason', 'books']);
  });
  afterEach(() => blank.stop());

  it('is shown what the folder holds and what to do', async () => {
    const { stdout } = await blank.run(['archive', 'list']);
    expect(stdout).toMatch(
      /2026-08 +both +1 +5 +5 +absent +absent +.*people of its own: mau-guard restore --month 2026-08\n/,
    );
    expect(stdout).toMatch(/2026-09 +archive +2 +5 +5 +absent +absent +.*restore --month 2026-09\n/);
    const verified = await blank.run(['archive', 'verify']);
    expect(verified.code).toBe(0);
    expect(verified.stdout).toMatch(/^months +2: 2026-08 2026-09$/m);
    expect(verified.stdout).toMatch(/^the ledger does not know 2026-08 2026-09: .*mau-guard restore/m);
  });

  it('cannot archive or trim over what the archive has, and is told to put it back first', async () => {
    const order = (...more: string[]) =>
      blank.run(['archive', '--month', '2026-08', '--reason', 'x', ...more]);
    const before = readdirSync(join(root, 'default')).sort();
    for (const more of [[], ['--trim']]) {
      const { code, stdout } = await order(...more);
      expect([code, stdout]).toEqual([1, expect.stringMatching(/failed .*does not know.*mau-guard restore/)]);
    }
    expect((await blank.run(['restore', '--month', '2026-09', '--reason', 'x'])).code).toBe(0);
    for (const more of [[], ['--trim']]) {
      const { code, stdout } = await order(...more);
      const says =
        /archive holds 5 identities and 5 mints .*the ledger 3 identities .*mau-guard restore --month 2026-08/;
      expect([code, stdout]).toEqual([1, expect.stringMatching(says)]);
    }
    expect(readdirSync(join(root, 'default')).sort()).toEqual(before);
    expect((await blank.run(['restore', '--month', '2026-08', '--reason', 'x'])).code).toBe(0);
    const { code, json } = await blank.runJson(['archive', '--month', '2026-08', '--reason', 'x', '--trim']);
    expect([code, json.entry.identityRows, json.people]).toEqual([0, 8, 'trimmed']);
  });
});

it('says in a gateway without an archive that there is none', async () => {
  const plain = await startOperatorGateway();
  await plain.run(['close', '--month', '2026-10', '--reason', 'books']);
  const { code, stderr } = await plain.run(['archive', '--month', '2026-10', '--reason', 'x']);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/retention\.archive names its folder/)]);
  expect((await plain.run(['archive', 'list'])).stdout).toMatch(/^no archive:/);
  expect((await plain.run(['archive', 'verify'])).code).toBe(1);
  await plain.stop();
});
