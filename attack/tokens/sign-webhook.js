import { createHash, createHmac } from 'node:crypto';
import { SIDS } from '../ground/gateway-settings.js';

/**
 * A signature as Twilio makes it: over the address, and each field of a form by its name in order.
 * https://www.twilio.com/docs/usage/security
 *
 * @param {string} url
 * @param {[name: string, value: string][]} fields
 * @param {string} authToken
 */
export function signForm(url, fields, authToken) {
  const sorted = [...fields].sort(([one], [other]) => (one < other ? -1 : 1));
  const text = sorted.reduce((signed, [name, value]) => `${signed}${name}${value}`, url);
  return createHmac('sha1', authToken).update(Buffer.from(text, 'utf8')).digest('base64');
}

/** Address with the hash of a body, and its signature. */
export function signBody(url, body, authToken) {
  const hash = createHash('sha256').update(body).digest('hex');
  const hashed = `${url}${url.includes('?') ? '&' : '?'}bodySHA256=${hash}`;
  return { url: hashed, signature: signForm(hashed, [], authToken) };
}

/** Fields of a message that somebody wrote. */
export function messageFields(author, more = {}) {
  return Object.entries({
    ...{ AccountSid: SIDS.account, EventType: 'onMessageAdded', Source: 'SDK', RetryCount: '0' },
    ...{ ConversationSid: `CH${'1'.repeat(32)}`, ChatServiceSid: SIDS.service, Index: '1' },
    ...{
      MessageSid: `IM${'1'.repeat(32)}`,
      Author: author,
      ClientIdentity: author,
      DateCreated: new Date().toISOString(),
    },
    ...more,
  });
}

/** The same as a CloudEvent. */
export function messageEvent(author) {
  const { EventType: _type, ...data } = Object.fromEntries(messageFields(author));
  return {
    ...{ specversion: '1.0', type: 'com.twilio.conversations.message.added', source: `AB${'0'.repeat(32)}` },
    ...{ id: `NO${'0'.repeat(32)}`, datacontenttype: 'application/json', data },
  };
}
