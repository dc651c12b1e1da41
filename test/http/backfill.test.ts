import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { FAKE_FAULTS } from '../../src/demo/twilio/rest/faults.ts';
import { openTwilioGateway, type TwilioGateway, VIEWER_KEY } from '../signals/backfill/twilio-gateway.ts';

const PATH = '/v1/months/2026-11/backfill';
const REASON = { reason: 'webhooks were off' };

let town: TwilioGateway;
beforeEach(async () => {
  town = await openTwilioGateway({ startAt: Date.parse('2026-11-20T21:00:00Z') });
});
afterEach(() => town.stop());

async function audit(): Promise<{ action: string; target: string; reason: string }[]> {
  return (await town.ask('GET', '/v1/audit')).body.items;
}

async function finished(): Promise<{ state: string; trouble: { nextStep: string } | null }> {
  for (;;) {
    const { body } = await town.ask('GET', PATH);
    if (body.state !== 'running') return body;
    await sleep(20);
  }
}

it('is ordered by admins with a reason, and every order is in the audit log', async () => {
  const ordered = await town.ask('POST', PATH, REASON);
  expect(ordered).toMatchObject({ status: 202, body: { month: '2026-11', state: 'running' } });
  expect(await finished()).toMatchObject({ state: 'done' });
  expect(await audit()).toEqual([
    expect.objectContaining({ action: 'month.backfill', target: '2026-11', ...REASON }),
  ]);
});

it('is nothing for others', async () => {
  expect((await town.ask('POST', PATH, REASON, VIEWER_KEY)).status).toBe(403);
  expect((await town.ask('POST', PATH, REASON, 'mgk_nobody')).status).toBe(401);
  expect((await town.ask('GET', PATH, undefined, 'mgk_nobody')).status).toBe(401);
  expect(town.twilio.requests).toEqual([]);
  expect(await audit()).toEqual([]);
});

it.each([
  ['a month that has not begun', '/v1/months/2026-12/backfill', 400],
  ['a month that nothing is kept of', '/v1/months/2025-09/backfill', 400],
  ['a malformed month', '/v1/months/2026-13/backfill', 400],
  ['an unknown service', `${PATH}?service=sales`, 404],
])('refuses %s', async (_, path, status) => {
  expect((await town.ask('POST', path, REASON)).status).toBe(status);
  expect(town.twilio.requests).toEqual([]);
  expect(await audit()).toEqual([]);
});

it('needs a reason', async () => {
  expect((await town.ask('POST', PATH, {})).body).toMatchObject({ code: 'invalid-request' });
});

it('was never there before it was ordered', async () => {
  expect((await town.ask('GET', PATH, undefined, VIEWER_KEY)).status).toBe(404);
});

it('is ordered once under one key, and is told how far it is', async () => {
  const key = { 'idempotency-key': 'one' };
  await town.ask('POST', PATH, REASON, undefined, key);
  await finished();
  const calls = town.twilio.requests.length;
  const again = await town.ask('POST', PATH, REASON, undefined, key);
  expect(again).toMatchObject({ status: 202, body: { state: 'done' } });
  expect(town.twilio.requests).toHaveLength(calls);
  expect(await audit()).toHaveLength(1);
  expect((await town.ask('POST', PATH, { reason: 'another' }, undefined, key)).status).toBe(409);
});

it('says what is wrong with Twilio and what to do about it', async () => {
  town.meet(FAKE_FAULTS.html);
  await town.ask('POST', PATH, REASON);
  expect(await finished()).toMatchObject({
    state: 'stopped',
    trouble: {
      says: 'The answer was not what Twilio documents.',
      nextStep: expect.stringContaining('TWILIO_REST_URL'),
    },
  });
});
