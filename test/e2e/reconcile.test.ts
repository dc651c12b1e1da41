import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FakeCountingName } from '../../src/demo/twilio/model/activity.ts';
import {
  createFakeModel,
  FAKE_POST_FILTERS,
  type FakeModel,
} from '../../src/demo/twilio/model/create-fake-model.ts';
import type { FakeEvent } from '../../src/demo/twilio/model/fake-event.ts';
import { FAKE_FAULTS, type FakeFault } from '../../src/demo/twilio/rest/faults.ts';
import { type FakeTwilio, startFakeTwilio } from '../../src/demo/twilio/start-fake-twilio.ts';
import { buildEventForm } from '../../src/demo/twilio/webhooks/event-form.ts';
import { signForm } from '../../src/twilio/sign-webhook.ts';
import { type OperatorGateway, startOperatorGateway } from '../cli/operator-gateway.ts';
import { ACCOUNT, KEY, MINIMAL, SERVICE } from '../config/support.ts';
import { settableClock } from '../support/clock.ts';

const AUTH_TOKEN = 'auth-token-of-the-tests';
const PUBLIC_URL = 'https://gateway.example';
const HOOK = `${PUBLIC_URL}/v1/webhooks/twilio`;
const NUMBER = '+15550009999';

let operator: OperatorGateway;
let model: FakeModel;
let twilio: FakeTwilio;
let fault: FakeFault | null;
let events: FakeEvent[];

beforeEach(async () => {
  fault = null;
  events = [];
  const clock = settableClock(Date.parse('2026-11-20T21:00:00.123Z'));
  model = createFakeModel({ accountSid: ACCOUNT, services: [SERVICE], now: clock.now });
  model.account.webhooks = { preUrl: null, postUrl: HOOK, filters: [...FAKE_POST_FILTERS] };
  model.addAddress({ type: 'sms', address: NUMBER, autoCreation: { enabled: true, serviceSid: SERVICE } });
  model.onEvent((event) => void events.push(event));
  const apiKey = { sid: KEY, secret: MINIMAL['TWILIO_API_KEY_SECRET'] ?? '' };
  twilio = await startFakeTwilio({ accountSid: ACCOUNT, apiKey, model, fault: () => fault });
  operator = await startOperatorGateway(
    {
      ...{ TWILIO_REST_URL: twilio.url, TWILIO_AUTH_TOKEN: AUTH_TOKEN, PUBLIC_URL },
      MAU_BUDGET_IDENTITIES: '1000',
    },
    clock,
  );
});
afterEach(async () => {
  await operator.stop();
  // The gateway makes nobody active: it only reads.
  expect(twilio.requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
  await twilio.close();
});

/** The month: 3 chat, 2 only connect, 4 only have tokens, 1 bot is added, 2 write by SMS. */
async function liveTheMonth(): Promise<void> {
  const people: string[] = [];
  for (let n = 0; n < 9; n++) people.push(await operator.mint(`person-${n}`));
  const [ann = '', bob = '', cy = '', dan = '', eve = ''] = people;
  for (const identity of [ann, bob, cy, dan, eve]) model.connect(identity);
  const talk = model.createConversation({}, { client: ann }).sid;
  for (const identity of [ann, bob, cy]) {
    model.addParticipant(talk, { identity }, { client: identity });
    model.sendMessage(talk, { body: 'hello' }, { client: identity });
  }
  model.addParticipant(talk, { identity: 'm_silent' }, { source: 'API', webhooks: true });
  model.receiveSms({ from: '+15550001111', to: NUMBER, body: 'hi' });
  model.receiveSms({ from: '+15550002222', to: NUMBER, body: 'hi' });
  await sendWebhooks();
}

/** As Twilio would send them, to where the gateway really listens. */
async function sendWebhooks(): Promise<void> {
  for (const event of events.splice(0)) {
    if (!event.webhooks) continue;
    const form = buildEventForm(ACCOUNT, event, 0);
    const response = await fetch(`${operator.url}/v1/webhooks/twilio`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': await signForm(AUTH_TOKEN, HOOK, form),
      },
      body: new URLSearchParams(form).toString(),
    });
    expect(response.status).toBe(200);
  }
}

const reconcile = (...args: string[]) => operator.runJson(['reconcile', '--month', '2026-11', ...args]);
const split = (json: { causes: { cause: string; identities: number; certainty: string }[] }) =>
  json.causes.map(({ cause, identities, certainty }) => [cause, identities, certainty]);

describe('a Twilio that counts by other rules', () => {
  it.each<[FakeCountingName, number, [string, number, string][]]>([
    ['identity-page', 8, [['never-connected', -4, 'exact']]],
    [
      'writers-only',
      5,
      [
        ['never-connected', -4, 'exact'],
        ['silent-participants', -1, 'exact'],
        ['silent-connections', -2, 'exact'],
      ],
    ],
  ])('(%s: %i) is met with the right causes', async (counting, count, causes) => {
    await liveTheMonth();
    model.usage.counting = counting;
    const { code, json } = await reconcile();
    expect(code).toBe(0);
    expect(json.ledger.total).toBe(12);
    expect(json.twilio).toMatchObject({ count, price: count * 0.05, currency: 'USD' });
    expect(split(json)).toEqual(causes);
  });

  it('is asked by somebody, and why stands in the audit log', async () => {
    await reconcile('--reason', 'invoice of November');
    await reconcile('--kept', '--reason', 'nothing is asked');
    expect((await reconcile('--reason', ' ')).code).toBe(2);
    await reconcile();
    expect(await operator.audit()).toEqual([
      { action: 'reconciliation.pull', reason: '', by: 'anna' },
      { action: 'reconciliation.pull', reason: 'invoice of November', by: 'anna' },
    ]);
  });

  it('that its own pages contradict each other on, is met with those acts', async () => {
    // Known since October; in November only their record is changed by REST.
    const november = operator.clock.now();
    operator.clock.set(Date.parse('2026-10-05T10:00:00Z'));
    model.createUser('m_old');
    operator.clock.set(november);
    await liveTheMonth();
    model.updateUser('m_old', { friendlyName: 'Old' }, { source: 'API', webhooks: true });
    await sendWebhooks();
    model.usage.counting = 'identity-page';
    expect(split((await reconcile()).json)).toEqual([['never-connected', -4, 'exact']]);
    operator.clock.advance(60_000);
    model.usage.counting = 'undisputed';
    const { json } = await reconcile();
    expect(split(json)).toEqual([
      ['never-connected', -4, 'exact'],
      ['disputed-acts', -1, 'exact'],
    ]);
    expect(json.records.map((record: { count: number }) => record.count)).toEqual([8, 9]);
  });
});

describe('people whom the gateway never heard of', () => {
  it('are found by name where asked for', async () => {
    await liveTheMonth();
    for (const name of ['made_1', 'made_2', 'made_3']) model.createUser(name);
    await sendWebhooks();
    const blind = await reconcile();
    // 4 never connected, 3 unseen: without names nobody can tell.
    expect(blind.json.gap).toBe(-1);
    const { json } = await reconcile('--people');
    expect(split(json)).toEqual([
      ['rest-created', 3, 'exact'],
      ['never-connected', -4, 'exact'],
    ]);
    expect(json.identities.onlyAtTwilio.sort()).toEqual(['made_1', 'made_2', 'made_3']);
    expect(json.identities.onlyInLedger).toHaveLength(4);
    expect(json.people).toMatchObject({ onlyAtTwilioBy: { created: 3 }, complete: true });
  });
});

describe('a record that lags behind', () => {
  it('is met with late data', async () => {
    await liveTheMonth();
    for (let n = 5; n < 9; n++) model.connect(await operator.mint(`person-${n}`));
    await sendWebhooks();
    model.usage.asOf = operator.clock.now();
    operator.clock.advance(7_200_000);
    for (const name of ['late_1', 'late_2']) model.connect(await operator.mint(name));
    await sendWebhooks();
    const { json } = await reconcile();
    expect(split(json)).toEqual([['late-data', -2, 'exact']]);
  });
});

describe('a Twilio that fails', () => {
  it.each([
    ['unauthorized', 'TWILIO_REST_API_KEY_SID'],
    ['tooOften', 'Wait a minute'],
    ['broken', 'Ask again later'],
    ['html', 'TWILIO_REST_URL'],
    ['nothing', 'TWILIO_REST_URL'],
  ] as const)('(%s) leaves the earlier figures with their age, and says what to do', async (name, step) => {
    await liveTheMonth();
    await reconcile();
    operator.clock.advance(3_600_000);
    fault = FAKE_FAULTS[name];
    const { code, stderr } = await operator.run(['reconcile', '--month', '2026-11']);
    expect(code).toBe(1);
    expect(stderr).toContain(step);
    expect(stderr).not.toContain('signing-secret');
    const kept = await operator.run(['reconcile', '--month', '2026-11', '--kept']);
    expect(kept.code).toBe(0);
    expect(kept.stdout).toMatch(/^Twilio counts +8$/m);
    expect(kept.stdout).toMatch(/the latest try failed at 2026-11-20T22:00:00/);
  });

  it('(another currency) is told so', async () => {
    await liveTheMonth();
    model.usage.currency = 'eur';
    const { code, stderr } = await operator.run(['reconcile', '--month', '2026-11']);
    expect(code).toBe(1);
    expect(stderr).toContain('another currency');
  });
});

describe('the second guard', () => {
  it('is verified, never made', async () => {
    await liveTheMonth();
    const without = await operator.run(['reconcile', '--month', '2026-11']);
    expect(without.stdout).toContain('No usage trigger watches pchat-users');
    model.addTrigger({ category: 'pchat-users', by: 'count', value: '900', recurring: 'monthly' });
    const { json, stdout } = await reconcile();
    expect(stdout).toContain('A monthly trigger fires at 900, within the budget of 1000.');
    expect(json.trigger).toMatchObject({ exists: true, triggers: [{ by: 'count', value: '900' }] });
  });
});
