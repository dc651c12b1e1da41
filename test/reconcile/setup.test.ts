import { expect, it } from '@jest/globals';
import request from 'supertest';
import { parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { TwilioUnavailable } from '../../src/domain/twilio-unavailable.ts';
import { readNewestSetup } from '../../src/reconcile/newest-setup.ts';
import type { SetupFinding } from '../../src/reconcile/ports.ts';
import { createReconcileApp, FINANCE, NOW, usageOf } from './reconcile-app.ts';

const NOVEMBER = parseMonth('2026-11')!;
const DECEMBER = parseMonth('2026-12')!;
const FINDING: SetupFinding = {
  ...{
    id: 'roles',
    name: 'Default roles',
    says: 'every user may add people',
    why: 'it costs',
    fix: 'take it',
  },
};

function start() {
  let judge = async (): Promise<SetupFinding[]> => [FINDING];
  const looked: string[] = [];
  const app = createReconcileApp({
    usage: { readMonth: async () => usageOf(3) },
    setup: {
      judge: (service) => {
        looked.push(service);
        return judge();
      },
    },
  });
  return {
    ...app,
    looked,
    judgeBy: (next: typeof judge) => {
      judge = next;
    },
    pull: (month: string) => request(app.app).post(`/v1/months/${month}/reconciliation`).set(FINANCE),
    newest: (month = DECEMBER) => readNewestSetup(app.ledger, DEFAULT_SERVICE, month, app.clock.now()),
  };
}

it('is looked at with a pull of the current month, and with no other', async () => {
  const { pull, looked, newest, clock, ledger } = start();
  await pull('2026-11').expect(200);
  expect([looked, await newest()]).toEqual([[], null]);
  await pull('2026-12').expect(200);
  expect(looked).toEqual(['default']);
  clock.advance(61_400);
  expect(await newest()).toEqual({ lookedAt: NOW, ageSeconds: 61, findings: [FINDING] });
  expect(await newest(NOVEMBER)).toBeNull();
  await ledger.close();
});

it('that cannot be read leaves the pull as it is, and what was seen before', async () => {
  const { pull, judgeBy, newest, clock, ledger } = start();
  await pull('2026-12').expect(200);
  judgeBy(() => Promise.reject(new TwilioUnavailable('not-allowed', 'the key reads usage only')));
  clock.advance(3_600_000);
  const { body } = await pull('2026-12').expect(200);
  expect(body.twilio.count).toBe(3);
  expect(body.attempt.failure).toBeNull();
  expect(await newest()).toMatchObject({ lookedAt: NOW, ageSeconds: 3_600, findings: [FINDING] });
  await ledger.close();
});

it('is of the month before until the first pull of a new one, and not of an older one', async () => {
  const { pull, newest, clock, ledger } = start();
  await pull('2026-12').expect(200);
  clock.set(Date.parse('2027-01-01T00:00:05Z'));
  expect((await newest(parseMonth('2027-01')!))?.findings).toEqual([FINDING]);
  clock.set(Date.parse('2027-02-01T00:00:05Z'));
  expect(await newest(parseMonth('2027-02')!)).toBeNull();
  await ledger.close();
});
