import type { Identity } from '../../domain/identity.ts';
import type { Signal } from '../../domain/signal.ts';
import type { WebhookParams } from '../ports.ts';
import { isByAddress, parseAddress } from './address.ts';
import { readIndex, SYSTEM } from './conversation-marks.ts';
import { readField } from './fields.ts';
import { keepIdentity } from './kept-identity.ts';
import { whoUpdated } from './who-updated.ts';

/** Somebody whom an event names; identity null for a name that is no person's. */
export interface Sighting {
  identity: Identity | null;
  signal: Signal;
  /** True when only somebody whose class shows in the identity can be meant: nothing else says that it is a person. */
  doubtful?: true;
}

export interface EventRule {
  /** Fields that say when it happened, the best first. */
  times: readonly string[];
  /** Whom the event names, apart from the client that caused it. `malformed`: it must name somebody and does not. */
  sightings: (params: WebhookParams) => Sighting[] | 'malformed';
}

const CREATED = ['DateCreated', 'Timestamp'];
const UPDATED = ['DateUpdated', 'Timestamp'];
const STATE_UPDATED = ['StateUpdated', 'DateUpdated', 'Timestamp'];
const REMOVED = ['DateRemoved', 'DateUpdated', 'Timestamp'];

const nobody = () => [];

/**
 * The post-action events of Conversations and what each of them proves.
 * https://www.twilio.com/docs/conversations/conversations-webhooks
 */
export const EVENT_RULES: Readonly<Record<string, EventRule>> = {
  onConversationAdded: {
    times: CREATED,
    // A message to a Twilio number can open a conversation by itself.
    sightings: (params) => [
      ...readAddress(params, 'MessagingBinding.Address', 'addressed'),
      ...readAddress(params, 'MessagingBinding.AuthorAddress', 'addressed'),
    ],
  },
  onConversationUpdated: { times: UPDATED, sightings: nobody },
  onConversationRemoved: { times: REMOVED, sightings: nobody },
  onConversationStateUpdated: { times: STATE_UPDATED, sightings: nobody },
  onMessageAdded: { times: CREATED, sightings: readAuthor },
  onMessageUpdated: { times: UPDATED, sightings: nobody },
  onMessageRemoved: { times: REMOVED, sightings: nobody },
  onParticipantAdded: { times: CREATED, sightings: (params) => readMember(params, 'joined', 'addressed') },
  onParticipantUpdated: { times: UPDATED, sightings: readReader },
  onParticipantRemoved: { times: REMOVED, sightings: (params) => readMember(params, 'left', 'left') },
  onDeliveryUpdated: { times: UPDATED, sightings: nobody },
  onUserAdded: { times: CREATED, sightings: (params) => readUser(params, 'created') },
  onUserUpdated: { times: UPDATED, sightings: (params) => readUser(params, 'updated') },
};

function readAuthor(params: WebhookParams): Sighting[] | 'malformed' {
  const author = readField(params, 'Author');
  if (author === null) return 'malformed';
  if (readField(params, 'ClientIdentity') === author) return [person(author, 'messaged')];
  if (SYSTEM.test(author)) return [{ identity: null, signal: 'messaged' }];
  if (isByAddress(params, author)) {
    const identity = parseAddress(author);
    return [
      { identity, signal: 'messaged' },
      { identity, signal: 'addressed' },
    ];
  }
  // By REST anything can be the author, such as the name of a bot. Twilio says of a person which participant it is.
  const free = readField(params, 'Source') !== 'SDK' && readField(params, 'ParticipantSid') === null;
  return [{ ...person(author, 'messaged'), ...(free ? { doubtful: true } : {}) }];
}

/** A participant of chat has an identity, one of SMS or WhatsApp an address. */
function readMember(params: WebhookParams, ofPerson: Signal, ofAddress: Signal): Sighting[] | 'malformed' {
  const name = readField(params, 'Identity');
  const sightings = [
    ...(name === null ? [] : [person(name, ofPerson)]),
    ...readAddress(params, 'MessagingBinding.Address', ofAddress),
  ];
  return sightings.length === 0 ? 'malformed' : sightings;
}

/**
 * Reading shows as an update of the reader's own participant. The index comes along with every update, also with one
 * that a backend or another member makes; those prove nothing about the reader, and neither does an update of which
 * nobody says who made it. Whether it has moved the ledger knows.
 */
function readReader(params: WebhookParams): Sighting[] {
  const name = readField(params, 'Identity');
  if (name === null || readIndex(params, 'LastReadMessageIndex') === null) return [];
  return whoUpdated(params, name) === 'themselves' ? [person(name, 'read')] : [];
}

function readUser(params: WebhookParams, signal: Signal): Sighting[] | 'malformed' {
  const name = readField(params, 'Identity');
  return name === null ? 'malformed' : [person(name, signal)];
}

function person(name: string, signal: Signal): Sighting {
  return { identity: keepIdentity(name), signal };
}

function readAddress(params: WebhookParams, field: string, signal: Signal): Sighting[] {
  const address = readField(params, field);
  return address === null ? [] : [{ identity: parseAddress(address), signal }];
}
