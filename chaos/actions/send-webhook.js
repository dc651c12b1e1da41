import { createHmac } from 'node:crypto';
import { ask } from '../run/ask.js';
import { ACCOUNT_SID, AUTH_TOKEN, PUBLIC_URL, sid } from '../run/gateway-config.js';
import { noteEvidence } from './note-evidence.js';

const PATH = '/v1/webhooks/twilio';

/** What Twilio sends for each act, and which signals that proves. */
const FORMS = {
  joined: (identity, at) => ({
    EventType: 'onParticipantAdded',
    Source: 'API',
    DateCreated: at,
    Identity: identity,
  }),
  left: (identity, at) => ({
    EventType: 'onParticipantRemoved',
    Source: 'API',
    DateRemoved: at,
    Identity: identity,
  }),
  created: (identity, at) => ({
    EventType: 'onUserAdded',
    Source: 'API',
    DateCreated: at,
    Identity: identity,
  }),
  updated: (identity, at) => ({
    EventType: 'onUserUpdated',
    Source: 'API',
    DateUpdated: at,
    Identity: identity,
  }),
  messaged: (identity, at) => ({
    ...{ EventType: 'onMessageAdded', Source: 'SDK', DateCreated: at, Index: '3' },
    ...{ Author: identity, ClientIdentity: identity, ParticipantSid: sid('MB', 7) },
  }),
  read: (identity, at) => ({
    ...{ EventType: 'onParticipantUpdated', Source: 'SDK', DateUpdated: at },
    ...{ Identity: identity, ClientIdentity: identity },
    LastReadMessageIndex: String(Math.floor((Date.parse(at) % DAY_MS) / 1000)),
  }),
  addressed: (address, at) => ({
    ...{ EventType: 'onParticipantAdded', Source: 'API', DateCreated: at },
    ...{ 'MessagingBinding.Address': address, 'MessagingBinding.Type': 'sms' },
  }),
};
const DAY_MS = 86_400_000;
/** More than there ever are. */
const PEOPLE_MAX = 1_000_000;
const BY_SDK = ['messaged', 'read'];

/**
 * Twilio tells of something that somebody did.
 *
 * @param {import('../run/world.js').World} world
 * @param {{ person: number, proves: string, address: number, lateMs: number, again: boolean,
 *   gateway: number | null }} event
 */
export async function sendWebhook(world, { person, proves, address, lateMs, again, gateway }) {
  const identity =
    proves === 'addressed' ? `+1555${String(address).padStart(7, '0')}` : world.identityOfPerson(person);
  if (identity === null) return;
  const atMs = world.clock.now() - lateMs;
  // One of each day, which people read as it goes on: an index proves something only where it has moved.
  const conversation = Math.floor(atMs / DAY_MS) * PEOPLE_MAX + person + 1;
  const form = {
    ...{ AccountSid: ACCOUNT_SID, RetryCount: '0', ConversationSid: sid('CH', conversation) },
    ...FORMS[proves](identity, new Date(atMs).toISOString()),
  };
  const signals = BY_SDK.includes(proves) ? [proves, 'connected'] : [proves];
  const send = () => sendOnce(world, world.placeOf(person, gateway), form, { identity, signals, atMs });
  await Promise.all(again ? [send(), send()] : [send()]);
}

async function sendOnce(world, place, form, proof) {
  const sent = noteEvidence(world, proof);
  const answer = await ask(place, world.clock, {
    ...{ method: 'POST', path: PATH, body: new URLSearchParams(form).toString() },
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': signForm(`${PUBLIC_URL}${PATH}`, form),
    },
  });
  sent.settle('webhook', answer, 200);
}

/** As Twilio signs: the address, then each field's name and value in the order of names. */
function signForm(url, form) {
  const fields = Object.keys(form)
    .sort()
    .map((name) => `${name}${form[name]}`);
  return createHmac('sha1', AUTH_TOKEN)
    .update(`${url}${fields.join('')}`)
    .digest('base64');
}
