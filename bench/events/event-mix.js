import { createHash } from 'node:crypto';
import { API_KEY, sid } from '../http/gateway-config.js';

/** People who answer the customers. */
const AGENTS = 200;
/** Customers who come while the first of them still goes through their steps. */
const OVERLAP = 400;
const DUPLICATE_EVERY = 10;
const NEW_USER_EVERY = 5;

/** What happens to a customer, in this order; each event is of the identity that caused it. */
const STEPS = ['user', 'join', 'ask', 'answer', 'read'];

/**
 * One event that Twilio tells of.
 *
 * @typedef {object} ChatEvent
 * @property {number} customer
 * @property {string} step
 * @property {string} actor identity
 * @property {string} conversation SID
 * @property {number} happened when: customers who had come by then
 */

/**
 * A stream of events as it would come from many support chats at once, the same in each run: every customer joins a
 * conversation of their own, asks, is answered by an agent, and reads up to their question. One event in ten is a
 * repeat of an earlier one, and neighbours overtake each other.
 *
 * @param {number} count
 * @returns {ChatEvent[]}
 */
export function buildEventMix(count) {
  const random = createRandom(20);
  const events = [];
  for (let customer = 0; events.length < count; customer++) {
    for (const [position, step] of STEPS.entries()) {
      if (step === 'user' && customer % NEW_USER_EVERY !== 0) continue;
      const happened = customer + (position + random()) * (OVERLAP / STEPS.length);
      const event = {
        ...{ customer, step, conversation: sid('CH', customer + 1), happened },
        actor: step === 'answer' ? agentOf(customer) : identityOf('customer', customer),
      };
      events.push({ event, due: happened });
      if (events.length % DUPLICATE_EVERY === 0) events.push({ event, due: happened + OVERLAP * random() });
    }
  }
  return events
    .slice(0, count)
    .sort((one, two) => one.due - two.due)
    .map(({ event }) => event);
}

/**
 * The form that Twilio would send.
 *
 * @param {ChatEvent} event
 * @param {string} at ISO instant
 */
export function formOf({ customer, step, actor, conversation }, at) {
  const common = {
    ...{ AccountSid: API_KEY.accountSid, Source: 'SDK', ClientIdentity: actor, RetryCount: '0' },
    ...{ ChatServiceSid: sid('IS', 1), ConversationSid: conversation },
  };
  const participant = { ParticipantSid: sid('MB', customer + 1), RoleSid: sid('RL', 1), Attributes: '{}' };
  switch (step) {
    case 'user':
      return {
        ...{ ...common, ConversationSid: '', EventType: 'onUserAdded', DateCreated: at, Identity: actor },
        ...{ UserSid: sid('US', customer + 1), RoleSid: sid('RL', 1), FriendlyName: 'A customer' },
      };
    case 'join':
      return { ...common, ...participant, EventType: 'onParticipantAdded', DateCreated: at, Identity: actor };
    case 'read':
      return {
        ...{ ...common, ...participant, EventType: 'onParticipantUpdated', DateUpdated: at, Identity: actor },
        LastReadMessageIndex: '0',
      };
    default:
      return {
        ...{ ...common, EventType: 'onMessageAdded', DateCreated: at, Author: actor, Attributes: '{}' },
        ...{ MessageSid: sid('IM', 2 * customer + 1), Index: step === 'ask' ? '0' : '1' },
        ...{
          ParticipantSid: sid('MB', customer + 1),
          Body: 'Hello, is anybody there? My order has not come.',
        },
      };
  }
}

function agentOf(customer) {
  return identityOf('agent', customer % AGENTS);
}

/** Of the form and length of the gateway's own. */
function identityOf(kind, number) {
  return `m_${createHash('sha256').update(`${kind} ${number}`).digest('base64url').slice(0, 22).replaceAll('-', '_')}`;
}

/** Numbers from 0 to 1 that are the same in each run. */
export function createRandom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
