import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { reconciliationSchema } from '../../src/contract/reconciliation.ts';
import type { Month } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { TwilioUnavailable } from '../../src/domain/twilio-unavailable.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { mintTokens, recordActs } from '../reports/fill-month.ts';
import {
  createReconcileApp,
  FINANCE,
  type ReconcileApp,
  type ReconcileAppOptions,
  usageOf,
  VIEWER,
} from './reconcile-app.ts';

const PATH = '/v1/months/2026-11/reconciliation';

let ledger: Ledger;
beforeEach(async () => {
  ledger = openSqliteLedger({ path: ':memory:' });
  await mintTokens(
    ledger,
    ['m_1', 'm_2', 'm_3', 'm_4'].map((identity) => ({ identity, at: '2026-11-03T10:00:00Z' })),
  );
  const at = '2026-11-03T10:01:00Z';
  await recordActs(ledger, [
    // m_4 never connects; m_3 never writes
    { identity: 'm_1', signal: 'connected', at },
    { identity: 'm_2', signal: 'connected', at },
    { identity: 'm_3', signal: 'connected', at },
    { identity: 'm_1', signal: 'messaged', at },
    { identity: 'm_2', signal: 'messaged', at },
    { identity: 'bot', signal: 'joined', at },
    { identity: 'made', signal: 'created', at },
    { identity: 'gone', signal: 'left', at: '2026-11-29T10:00:00Z' },
    { identity: '+15550001111', signal: 'addressed', at, className: 'address' },
    { identity: '+15550001111', signal: 'messaged', at, className: 'address' },
    { identity: '+15550002222', signal: 'addressed', at, className: 'address' },
  ]);
});
afterEach(() => ledger.close());

/** Nine identities: 2 undisputed, 2 addresses, 1 in each other group. */
const TOTAL = 9;

function appWith(count: number | null, options: ReconcileAppOptions = {}): ReconcileApp {
  const usage = { readMonth: async () => (count === null ? null : usageOf(count)), ...options.usage };
  return createReconcileApp({ ...options, ledger, usage });
}

const pull = ({ app }: ReconcileApp, query = '') => request(app).post(`${PATH}${query}`).set(FINANCE);
const read = ({ app }: ReconcileApp) => request(app).get(PATH).set(FINANCE);

describe('reconciling', () => {
  it('says so before anything was pulled', async () => {
    const { body } = await read(appWith(5)).expect(200);
    expect(reconciliationSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      ...{ state: 'never-pulled', twilio: null, gap: null, causes: [], records: [], attempt: null },
      ledger: {
        ...{ total: TOTAL, minted: 4, connected: 3 },
        groups: {
          'never-connected': 1,
          addresses: 2,
          'silent-connections': 1,
          'silent-participants': 1,
          'rest-only': 1,
          'disputed-acts': 1,
          undisputed: 2,
        },
      },
    });
  });

  it('compares with the record that it pulls, and keeps it', async () => {
    const gateway = appWith(TOTAL - 1);
    const { body } = await pull(gateway).expect(200);
    expect(reconciliationSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      ...{ state: 'compared', gap: -1, withinRange: true },
      twilio: { count: 8, price: 0.4, asOf: '2026-12-02T00:00:00.000Z', ageSeconds: 0 },
      causes: [{ cause: 'never-connected', identities: -1, certainty: 'exact' }],
      attempt: { at: '2026-12-02T09:00:00.000Z', failure: null },
    });
    gateway.clock.advance(7_200_000);
    const later = await read(gateway).expect(200);
    expect(later.body.twilio).toMatchObject({ count: 8, ageSeconds: 7_200 });
    expect(gateway.events).toEqual([
      { event: 'reconcile.pulled', service: 'default', month: '2026-11', twilio: 8, ledger: TOTAL },
    ]);
  });

  it.each([
    [-1, ['never-connected']],
    [-2, ['never-connected', 'disputed-acts']],
  ])('names the causes of a gap of %i: %j', async (gap, causes) => {
    const { body } = await pull(appWith(TOTAL + gap)).expect(200);
    expect(body.causes.map(({ cause }: { cause: string }) => cause)).toEqual(causes);
    expect(body.causes[0].says).not.toBe('');
    expect(body.causes[0].nextStep).not.toBe('');
  });

  it('names other services of the account', async () => {
    const shop = 'shop' as never;
    const at = Date.parse('2026-11-05T10:00:00Z');
    await ledger.record(
      shop,
      ['s_1', 's_2', 's_3'].map((identity) => ({
        ...{ identity: identity as never, signal: 'messaged', at, source: 'webhook', className: 'member' },
      })) as never,
    );
    const { body } = await pull(appWith(TOTAL + 3, { siblings: () => [shop] })).expect(200);
    expect(body.causes).toMatchObject([{ cause: 'other-services', identities: 3, certainty: 'exact' }]);
    expect(body.withinRange).toBe(true);
  });

  it('holds the count of the account against the ranges of all its services', async () => {
    const shop = 'shop' as never;
    const at = Date.parse('2026-11-05T10:00:00Z');
    const evidence = { at, source: 'webhook', className: 'member' };
    await ledger.record(shop, [
      { ...evidence, identity: 's_1', signal: 'messaged' },
      { ...evidence, identity: 's_2', signal: 'left' },
    ] as never);
    const range = async (query: string) =>
      (await request(appWith(null).app).get(`${PATH}${query}`).set(FINANCE).expect(200)).body.ledger;
    const [own, shops] = [await range(''), await range('?service=shop')];
    expect(shops).toMatchObject({ low: 1, high: 2 });
    const answer = async (count: number) =>
      (await pull(appWith(count, { siblings: () => [shop] })).expect(200)).body;
    expect(await answer(own.low)).toMatchObject({ withinRange: false, ledger: own });
    expect(await answer(own.low + 1)).toMatchObject({ withinRange: true });
    const most = await answer(own.high + 2);
    expect(most.withinRange).toBe(true);
    const twilios = most.readings.filter(({ isTwilios }: { isTwilios: boolean }) => isTwilios);
    expect(twilios).toContainEqual({ rules: own.rules, low: own.low, high: own.high, isTwilios: true });
    expect(await answer(own.high + 3)).toMatchObject({ withinRange: false });
  });

  it("names late data where Twilio's record ends before people came", async () => {
    // All but the one of the 29th came on the 3rd; nobody else is missing.
    const usage = { readMonth: async () => usageOf(0, { asOf: '2026-11-02T12:30:00.000Z' }) };
    const { body } = await pull(appWith(0, { usage })).expect(200);
    expect(body.causes).toMatchObject([{ cause: 'late-data', identities: -TOTAL, certainty: 'exact' }]);
  });

  it('says which reading of the rules is Twilio’s', async () => {
    const probe = (await read(appWith(null))).body.readings as { rules: string; high: number; low: number }[];
    const reading = probe.find(({ low, high }) => low !== high && low > 0);
    const { body } = await pull(appWith(reading?.low ?? 0)).expect(200);
    expect(body.readings).toContainEqual({ ...reading, isTwilios: true });
  });

  it('says that Twilio has no record', async () => {
    const { body } = await pull(appWith(null)).expect(200);
    expect(body).toMatchObject({ state: 'no-record', twilio: null, gap: null });
    expect(body.records).toMatchObject([{ count: null }]);
  });

  it('keeps every record with its age, newest first', async () => {
    let count = 5;
    const gateway = appWith(0, { usage: { readMonth: async () => usageOf(count) } });
    for (count of [5, 6, 7]) {
      await pull(gateway).expect(200);
      gateway.clock.advance(60_000);
    }
    const { body } = await read(gateway);
    expect(body.records.map((record: { count: number }) => record.count)).toEqual([7, 6, 5]);
    expect(body.twilio.ageSeconds).toBe(60);
  });

  it('keeps an answer that says the same as one record, seen again', async () => {
    let asOf = '2026-12-02T00:00:00.000Z';
    const gateway = appWith(0, { usage: { readMonth: async () => usageOf(5, { asOf }) } });
    const months = () => ledger.documents(DEFAULT_SERVICE, '2026-11' as Month, 'twilio:usage:');
    await pull(gateway).expect(200);
    for (asOf of ['2026-12-02T06:00:00.000Z', '2026-12-02T12:00:00.000Z']) {
      gateway.clock.advance(60_000);
      await pull(gateway).expect(200);
    }
    expect(await months()).toHaveLength(1);
    gateway.clock.advance(30_000);
    const { body } = await read(gateway);
    expect(reconciliationSchema.parse(body)).toEqual(body);
    expect(body.records).toEqual([
      {
        ...{ pulledAt: '2026-12-02T09:00:00.000Z', seenAgainAt: '2026-12-02T09:02:00.000Z' },
        ...{ asOf, count: 5, price: 0.25 },
      },
    ]);
    expect(body.twilio).toMatchObject({ pulledAt: '2026-12-02T09:02:00.000Z', ageSeconds: 30, asOf });
  });

  it('keeps an answer by itself when another gateway has written meanwhile', async () => {
    const gateway = appWith(5);
    await pull(gateway).expect(200);
    const keep = ledger.keepDocument.bind(ledger);
    ledger.keepDocument = async (service, month, document, expected) => {
      ledger.keepDocument = keep;
      return expected === undefined ? keep(service, month, document) : false;
    };
    gateway.clock.advance(60_000);
    const { body } = await pull(gateway).expect(200);
    expect(body.records).toHaveLength(2);
    expect(body.twilio.ageSeconds).toBe(0);
  });

  it('keeps a figure that came back after another one', async () => {
    let count = 5;
    const gateway = appWith(0, { usage: { readMonth: async () => usageOf(count) } });
    for (count of [5, 6, 5]) {
      await pull(gateway).expect(200);
      gateway.clock.advance(60_000);
    }
    const { body } = await read(gateway);
    expect(body.records.map((record: { count: number }) => record.count)).toEqual([5, 6, 5]);
  });

  it('writes down who pulled, and why if that was said', async () => {
    const gateway = appWith(5);
    await pull(gateway, '?people=true').expect(200);
    await pull(gateway).send({ reason: 'Invoice of November' }).expect(200);
    await pull(gateway).send({}).expect(200);
    const { items } = await ledger.audit(DEFAULT_SERVICE, { after: null, limit: 10 });
    expect(
      items.map(({ action, target, by, role, reason, after }) => [action, target, by, role, reason, after]),
    ).toEqual([
      ...['', 'Invoice of November'].map((reason) => [
        ...['reconciliation.pull', "Twilio's record of 2026-11", 'the finance', 'finance', reason],
        { people: false },
      ]),
      ['reconciliation.pull', "Twilio's record of 2026-11", 'the finance', 'finance', '', { people: true }],
    ]);
    await read(gateway).expect(200);
    expect((await ledger.audit(DEFAULT_SERVICE, { after: null, limit: 10 })).items).toHaveLength(3);
  });

  it('sent again under its key pulls again and is written down once', async () => {
    const gateway = appWith(5);
    const again = (reason: string) => pull(gateway).set('Idempotency-Key', 'k1').send({ reason });
    await again('books').expect(200);
    await again('books').expect(200);
    expect((await again('other books').expect(409)).body.code).toBe('conflict');
    expect(gateway.events).toHaveLength(2);
    expect((await ledger.audit(DEFAULT_SERVICE, { after: null, limit: 10 })).items).toHaveLength(1);
  });

  it.each([
    ['{"reason":" "}', 'application/json', 400],
    ['{"reason":5}', 'application/json', 400],
    ['{"because":"x"}', 'application/json', 400],
    ['{', 'application/json', 400],
    ['[]', 'application/json', 400],
    ['reason=x', 'application/x-www-form-urlencoded', 415],
    [`{"reason":"${'x'.repeat(501)}"}`, 'application/json', 400],
    [`{"reason":"${'x'.repeat(1_048_576)}"}`, 'application/json', 413],
  ])('asks nobody for the body %.40s as %s', async (body, type, status) => {
    const gateway = appWith(5);
    await pull(gateway).set('Content-Type', type).send(body).expect(status);
    expect(gateway.events).toEqual([]);
    expect((await ledger.audit(DEFAULT_SERVICE, { after: null, limit: 10 })).items).toEqual([]);
  });

  it('takes the format and role it says', async () => {
    const gateway = appWith(1);
    await pull(gateway, '?people=yes').expect(400);
    await pull(gateway, '?who=me').expect(400);
    await request(gateway.app).post(PATH).set(VIEWER).expect(403);
    await request(gateway.app).get(PATH).set(VIEWER).expect(403);
    await request(gateway.app).get('/v1/months/2026-1/reconciliation').set(FINANCE).expect(400);
    expect((await read(gateway)).body.state).toBe('never-pulled');
  });
});

describe('when Twilio fails', () => {
  it.each(['not-signed-in', 'too-often', 'broken', 'unreadable', 'no-answer', 'other-currency'] as const)(
    '(%s) the cause and the next step are said, and the earlier figures stay',
    async (trouble) => {
      let isDown = false;
      const readMonth = async () => {
        if (isDown) throw new TwilioUnavailable(trouble, 'a secret detail');
        return usageOf(8);
      };
      const gateway = appWith(0, { usage: { readMonth } });
      await pull(gateway).expect(200);
      isDown = true;
      gateway.clock.advance(3_600_000);
      const { says, nextStep } = new TwilioUnavailable(trouble, '');
      const { body, text } = await pull(gateway).expect(503);
      expect(body).toMatchObject({
        code: 'twilio-unavailable',
        retryable: true,
        detail: `${says} ${nextStep}`,
      });
      expect(text).not.toContain('secret detail');
      const after = await read(gateway).expect(200);
      expect(after.body).toMatchObject({
        ...{ state: 'compared', gap: -1 },
        twilio: { count: 8, ageSeconds: 3_600 },
        attempt: { at: '2026-12-02T10:00:00.000Z', failure: { trouble, says, nextStep } },
      });
      expect(gateway.events.at(-1)).toMatchObject({ event: 'reconcile.failed', trouble });
    },
  );

  it('not, but something else does, it is told for the log', async () => {
    const gateway = appWith(0, { usage: { readMonth: () => Promise.reject(new Error('a defect')) } });
    await pull(gateway).expect(500);
    expect(gateway.events).toMatchObject([{ event: 'reconcile.failed', trouble: 'internal' }]);
  });

  it('only for triggers, the figures are taken all the same', async () => {
    const listTriggers = () => Promise.reject(new TwilioUnavailable('not-allowed', ''));
    const { body } = await pull(appWith(8, { usage: { listTriggers } })).expect(200);
    expect(body).toMatchObject({ gap: -1, trigger: null, attempt: { failure: null } });
  });
});

describe('the second guard', () => {
  const trigger = { sid: 'UT1', by: 'count', value: '5000', recurring: 'monthly', firedAt: null } as const;

  it.each([
    ['No usage trigger watches pchat-users', []],
    ['A monthly trigger stands; the service has no budget', [trigger]],
    ['None of the triggers comes back every month', [{ ...trigger, recurring: 'daily' as const }]],
  ])('is looked for: %s', async (says, triggers) => {
    const { body } = await pull(appWith(8, { usage: { listTriggers: async () => triggers } })).expect(200);
    expect(body.trigger).toMatchObject({ exists: triggers.length > 0, triggers });
    expect(body.trigger.says).toContain(says);
  });
});

describe('people by name', () => {
  const created = Date.parse('2026-11-10T00:00:00Z');
  const before = Date.parse('2026-09-10T00:00:00Z');
  const user = (identity: string, createdAt: number, updatedAt = createdAt) => ({
    identity,
    createdAt,
    updatedAt,
  });
  const lists = {
    users: async (_service: unknown, next: string | null) =>
      next === null
        ? { items: [user('m_1', created), user('m_2', before, created)], next: 'more' }
        : { items: [user('unseen', created), user('old', before)], next: null },
    conversations: async () => ({ items: [{ sid: 'CH1' }], next: null }),
    participants: async () => ({
      items: [
        { identity: 'm_3', address: null, createdAt: created },
        { identity: null, address: '+15550001111', createdAt: created },
        { identity: null, address: 'whatsapp:+15550003333', createdAt: created },
        { identity: 'old', address: null, createdAt: before },
      ],
      next: null,
    }),
  };

  it('are compared where asked for, and named in that answer only', async () => {
    const gateway = appWith(TOTAL + 2, { lists });
    const { body } = await pull(gateway, '?people=true').expect(200);
    expect(reconciliationSchema.parse(body)).toEqual(body);
    expect(body.people).toMatchObject({
      ...{ complete: true, atTwilio: 7, onlyAtTwilio: 2 },
      onlyAtTwilioBy: { created: 1, updated: 0, added: 1 },
      onlyInLedger: 5,
    });
    expect(body.identities.onlyAtTwilio.sort()).toEqual(['unseen', 'whatsapp.+15550003333']);
    expect(body.identities.onlyInLedger.sort()).toEqual(['+15550002222', 'bot', 'gone', 'm_4', 'made']);
    expect(body.causes).toMatchObject([{ cause: 'rest-created', identities: 2, certainty: 'exact' }]);

    const later = await read(gateway);
    expect(later.body.people).toEqual(body.people);
    expect(later.text).not.toContain('"unseen"');
  });

  it('are not looked for unless asked', async () => {
    const users = () => Promise.reject(new Error('nobody asked'));
    await pull(appWith(TOTAL, { lists: { users } })).expect(200);
  });
});
