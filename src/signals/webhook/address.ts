import { type Identity, parseIdentity } from '../../domain/identity.ts';
import type { WebhookParams } from '../ports.ts';
import { readField } from './fields.ts';
import { escapeName } from './kept-identity.ts';

/** ITU-T E.164: a plus, and at most 15 digits. */
const PHONE = /^\+[1-9]\d{5,14}$/;
/** Twilio writes addresses of other channels as `whatsapp:+1555…` or `messenger:1234`. */
const CHANNEL = /^(whatsapp|messenger|rcs|sms|mms|viber):(.+)$/;
/** An address in the ledger: a phone number, or a channel and what it knows somebody as. */
const KEPT = /^(?:\+[1-9]\d{5,14}$|(?:whatsapp|messenger|rcs|sms|mms|viber|address)\.)/;

/**
 * Whether the author of a message is an address; Twilio names both people and addresses in that field. Messages of people are
 * of `SDK` or `API`. What comes from outside says by which channel it came, such as `SMS`, and its author is an address
 * whatever it looks like: a short code is `12345`.
 */
export function isByAddress(params: WebhookParams, author: string): boolean {
  const source = readField(params, 'Source');
  const isFromChannel = source !== null && source !== 'SDK' && source !== 'API';
  return isFromChannel || PHONE.test(author) || CHANNEL.test(author);
}

/** Whether an identity of the ledger is an address. */
export function isAddress(identity: Identity): boolean {
  return KEPT.test(identity);
}

/**
 * What an address is called in the ledger: a phone number as it is, `whatsapp.+1555…` for one at a channel, since an
 * identity cannot have a colon. Other characters of that kind are escaped, as in names of people. Null when it cannot be kept.
 */
export function parseAddress(text: string): Identity | null {
  const [, channel, rest] = CHANNEL.exec(text) ?? [];
  const kept = channel === undefined ? text : `${channel}.${rest}`;
  // A short code, or a channel that is new, must not pass for a person.
  const address = KEPT.test(kept) ? kept : `address.${kept.replaceAll(':', '.')}`;
  return parseIdentity(address) ?? parseIdentity(escapeName(address));
}
