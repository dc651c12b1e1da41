import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FAKE_FAULTS, type FakeFault } from '../../src/demo/twilio/rest/faults.ts';
import { type FakeTwilio, startFakeTwilio } from '../../src/demo/twilio/start-fake-twilio.ts';
import { parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createTwilioHistory } from '../../src/twilio/read-history.ts';
import { createUsageReader } from '../../src/twilio/read-usage.ts';
import { ACCOUNT, buildTown, REST_KEY } from '../demo/twilio/fake-kit.ts';
import { servicesAt, troubleOf } from './twilio-kit.ts';

const MONTH = parseMonth('2026-11')!;

let twilio: FakeTwilio;
let fault: FakeFault | null;
beforeEach(async () => {
  fault = null;
  const { model } = buildTown();
  twilio = await startFakeTwilio({ accountSid: ACCOUNT, apiKey: REST_KEY, model, fault: () => fault });
});
afterEach(async () => {
  expect(twilio.requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
  await twilio.close();
});

const CASES: [keyof typeof FAKE_FAULTS, string][] = [
  ['unauthorized', 'not-signed-in'],
  ['forbidden', 'not-allowed'],
  ['tooOften', 'too-often'],
  ['broken', 'broken'],
  ['away', 'broken'],
  ['html', 'unreadable'],
  ['nothing', 'unreadable'],
  ['otherShape', 'unreadable'],
  ['cut', 'no-answer'],
];

describe.each(CASES)('an answer that is %s', (name, trouble) => {
  it(`is told as ${trouble}, with the next step`, async () => {
    fault = FAKE_FAULTS[name];
    const usage = createUsageReader(servicesAt(twilio.url));
    const history = createTwilioHistory(servicesAt(twilio.url));
    for (const reading of [
      usage.readMonth(DEFAULT_SERVICE, MONTH, 'pchat-users'),
      usage.listTriggers(DEFAULT_SERVICE, 'pchat-users'),
      history.users(DEFAULT_SERVICE, null),
      history.conversations(DEFAULT_SERVICE, Date.UTC(2026, 11, 1), null),
    ]) {
      const error = await troubleOf(reading);
      expect(error).toMatchObject({ code: 'twilio-unavailable', trouble });
      expect(error.nextStep).not.toBe('');
      expect(JSON.stringify({ ...error, message: error.message, says: error.says })).not.toMatch(
        /rest-secret|m_ada/,
      );
    }
  });
});

it('is told as no answer when there is none in time', async () => {
  fault = 'hang';
  const usage = createUsageReader(servicesAt(twilio.url, { timeoutMs: 100 }));
  expect((await troubleOf(usage.readMonth(DEFAULT_SERVICE, MONTH, 'pchat-users'))).trouble).toBe('no-answer');
});

it('waits for a slow answer within its deadline', async () => {
  fault = { delayMs: 100 };
  const usage = createUsageReader(servicesAt(twilio.url));
  expect(await usage.readMonth(DEFAULT_SERVICE, MONTH, 'pchat-users')).not.toBeNull();
});

it('is told as not signed in with a wrong key', async () => {
  const usage = createUsageReader(servicesAt(twilio.url, { secret: 'another-secret' }));
  const error = await troubleOf(usage.readMonth(DEFAULT_SERVICE, MONTH, 'pchat-users'));
  expect(error.trouble).toBe('not-signed-in');
  expect(error.message).not.toContain('another-secret');
});
