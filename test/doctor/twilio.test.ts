import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FAKE_POST_FILTERS } from '../../src/demo/twilio/model/create-fake-model.ts';
import { fakeError } from '../../src/demo/twilio/rest/answers.ts';
import { FAKE_FAULTS } from '../../src/demo/twilio/rest/faults.ts';
import { SERVICE } from '../config/support.ts';
import { type Examined, examine, type FaultyTwilio, gatewayEnv, startDoctorTwilio } from './doctor-kit.ts';

const PUBLIC_URL = 'http://127.0.0.1:1';
const HOOK = `${PUBLIC_URL}/v1/webhooks/twilio`;
const REST_KEY = {
  TWILIO_REST_API_KEY_SID: `SK${'5'.repeat(32)}`,
  TWILIO_REST_API_KEY_SECRET: 'rest-secret-of-the-tests',
};

let twilio: FaultyTwilio;
beforeEach(async () => {
  twilio = await startDoctorTwilio();
});
afterEach(async () => {
  expect(twilio.requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
  await twilio.close();
});

const look = (env: Record<string, string> = {}): Promise<Examined> =>
  examine(
    gatewayEnv({
      ...{ TWILIO_REST_URL: twilio.url, PUBLIC_URL, TWILIO_AUTH_TOKEN: 'a'.repeat(32) },
      ...env,
    }),
  );
const service = () => twilio.model.account.services.get(SERVICE)!;

test('a service that is set up well has nothing to say', async () => {
  service().reachability = true;
  service().webhooks = {
    preUrl: `${HOOK}/guard`,
    postUrl: HOOK,
    filters: [...FAKE_POST_FILTERS, 'onParticipantAdd'],
  };
  twilio.model.addTrigger({ category: 'pchat-users', by: 'count', value: '500', recurring: 'monthly' });
  const { of } = await look();
  const ids = ['signing-key', 'usage', 'usage-trigger', 'webhooks', 'guard-webhook', 'roles'];
  for (const id of [...ids, 'opening-numbers', 'reachability', 'twilio-clock', 'token']) {
    expect(of(id)).toMatchObject({ id, status: 'ok', why: null, fix: null });
  }
  expect(of('usage').detail).toMatch(/^pchat-users: 0 this month, as of /);
});

test('a new service is told everything that is open', async () => {
  const { of } = await look({ MAU_BUDGET_IDENTITIES: '5', MAU_BUDGET_MODE: 'block' });
  expect(of('webhooks')).toMatchObject({ status: 'warn', detail: 'no post-action URL is set at Twilio' });
  expect(of('guard-webhook').status).toBe('warn');
  expect(of('roles')).toMatchObject({
    status: 'warn',
    detail: 'every user has createConversation, and creators have addParticipant and addNonChatParticipant',
  });
  expect(of('reachability').status).toBe('warn');
  expect(of('usage-trigger')).toMatchObject({ status: 'warn', detail: 'no usage trigger on pchat-users' });
});

describe('keys', () => {
  test('a wrong secret', async () => {
    const { of, text } = await look({ TWILIO_API_KEY_SECRET: 'another-secret' });
    expect(of('signing-key')).toMatchObject({ status: 'error', detail: expect.stringContaining('401') });
    expect(of('signing-key').fix).toContain('TWILIO_API_KEY_SECRET');
    expect(of('usage').status).toBe('error');
    expect(of('webhooks')).toMatchObject({ status: 'skip' });
    expect(text).not.toContain('another-secret');
  });

  test('a service of another account or region', async () => {
    const { of } = await look({ TWILIO_CONVERSATIONS_SERVICE_SID: `IS${'9'.repeat(32)}` });
    expect(of('signing-key')).toMatchObject({ status: 'error', detail: expect.stringContaining('404') });
    expect(of('signing-key').fix).toContain('TWILIO_REGION');
  });

  test('the service of another account that the key opens', async () => {
    const { of } = await look({ TWILIO_ACCOUNT_SID: `AC${'9'.repeat(32)}` });
    expect(of('signing-key')).toMatchObject({
      status: 'error',
      detail: expect.stringContaining('belongs to AC1'),
    });
  });

  test('what looks like a restricted key', async () => {
    twilio.meet(FAKE_FAULTS.forbidden);
    const { of } = await look();
    expect(of('signing-key')).toMatchObject({ status: 'error', why: expect.stringContaining('20160') });
  });

  test('a key of its own for reads is looked at by itself', async () => {
    const { of } = await look(REST_KEY);
    expect(of('signing-key').status).toBe('ok');
    expect(of('read-key')).toMatchObject({ status: 'error', detail: expect.stringContaining('401') });
    expect(of('read-key').fix).toContain('TWILIO_REST_API_KEY_SECRET');
  });
});

describe.each(Object.entries(FAKE_FAULTS))('a Twilio that answers %s', (name, fault) => {
  test('is an error with a next step, within the limit', async () => {
    twilio.meet(fault);
    const { of, text } = await look();
    expect(of('signing-key')).toMatchObject({ status: 'error', fix: expect.stringMatching(/.{20}/) });
    expect(of('reachability')).toMatchObject({ status: 'skip' });
    expect(of('signing-key').durationMs).toBeLessThan(9_000);
    expect(text).not.toContain('signing-secret');
    // Any answer has a date.
    if (name === 'hang' || name === 'cut') expect(of('twilio-clock').status).toBe('skip');
    else expect(of('twilio-clock').status).toBe('ok');
  });
});

test.each([
  [20, 'warn', 'ahead of'],
  [-45, 'error', 'behind'],
] as const)('a clock that is %d s off', async (seconds, status, words) => {
  const date = new Date(Date.now() + seconds * 1000).toUTCString();
  twilio.meet({ ...fakeError(401, 20003, 'Authenticate'), headers: { date } });
  const { of } = await look();
  expect(of('twilio-clock')).toMatchObject({ status, detail: expect.stringContaining(words) });
});

test('a misspelt usage category looks like no users, and is told', async () => {
  const { of } = await examine(gatewayEnv({ TWILIO_REST_URL: twilio.url }), {
    yaml: 'reconcile: { category: pchat-user }',
  });
  expect(of('usage')).toMatchObject({
    status: 'warn',
    detail: expect.stringContaining('no record of pchat-user'),
  });
});

test('a number that opens conversations', async () => {
  twilio.model.addAddress({
    ...{ type: 'sms', address: '+15550009999' },
    autoCreation: { enabled: true, serviceSid: SERVICE },
  });
  const { of, text } = await look();
  expect(of('opening-numbers')).toMatchObject({
    status: 'warn',
    detail: expect.stringContaining('one number'),
  });
  expect(text).not.toContain('+1555');
});
