import { afterEach, beforeEach, expect, it } from '@jest/globals';
import twilio from 'twilio';
import { type AskingActs, createAskingActs } from '../../../src/demo/twilio/webhooks/asking-acts.ts';
import { ACCOUNT, buildTown, SERVICE, type Town } from './fake-kit.ts';
import { openSink, type Sink } from './sink.ts';

const AUTH_TOKEN = 'auth-token-of-the-tests';

let sink: Sink;
let town: Town;
let acts: AskingActs;
beforeEach(async () => {
  sink = await openSink();
  town = buildTown();
  town.model.account.webhooks = {
    ...{ preUrl: `${sink.url}/guard`, postUrl: null },
    filters: ['onParticipantAdd', 'onMessageAdd'],
  };
  acts = createAskingActs(town.model, { authToken: AUTH_TOKEN, timeoutMs: 5_000 });
});
afterEach(() => sink.close());

const members = () =>
  town.model.account.services
    .get(SERVICE)!
    .conversations.get(town.support)!
    .participants.map((one) => one.identity);

it('happen when they are let in, and are asked about with a signature', async () => {
  expect(await acts.addParticipant(town.support, { identity: 'm_new' })).toMatchObject({ identity: 'm_new' });
  const [{ form, headers }] = sink.received as [(typeof sink.received)[0]];
  expect(form).toMatchObject({ AccountSid: ACCOUNT, EventType: 'onParticipantAdd', Identity: 'm_new' });
  expect(form).not.toHaveProperty('ParticipantSid');
  const signature = String(headers['x-twilio-signature']);
  expect(twilio.validateRequest(AUTH_TOKEN, signature, `${sink.url}/guard`, form)).toBe(true);
});

it.each([403, 500])('do not happen after %i', async (status) => {
  sink.statuses.push(status, status);
  const before = town.model.activities.length;
  expect(await acts.addParticipant(town.support, { identity: 'm_new' })).toBeNull();
  expect(await acts.sendMessage(town.support, { body: 'hello' }, { client: 'm_ada' })).toBeNull();
  expect(members()).not.toContain('m_new');
  expect(town.model.activities).toHaveLength(before);
});

it('happen when nobody answers in time', async () => {
  acts = createAskingActs(town.model, { authToken: AUTH_TOKEN, timeoutMs: 200 });
  sink.statuses.push(null);
  expect(await acts.addParticipant(town.support, { identity: 'm_new' })).not.toBeNull();
  expect(members()).toContain('m_new');
});

it('are not asked about unless that was chosen', async () => {
  town.model.account.webhooks.filters = [];
  await acts.sendMessage(town.support, { body: 'hello' }, { client: 'm_ada' });
  expect(sink.received).toEqual([]);
});
