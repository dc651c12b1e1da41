import { type Identity, parseIdentity } from '../../domain/identity.ts';

/** ITU-T E.164: a plus, and at most 15 digits. */
const PHONE = /^\+[1-9]\d{5,14}$/;
/** Twilio writes addresses of other channels as `whatsapp:+1555…` or `messenger:1234`. */
const CHANNEL = /^(whatsapp|messenger|rcs|sms|mms|viber):(.+)$/;
/** An address in the ledger: a phone number, or a channel and what it knows somebody as. */
const KEPT = /^(?:\+[1-9]\d{5,14}$|(?:whatsapp|messenger|rcs|sms|mms|viber|address)\.)/;

/** Whether an author is an address by its looks; Twilio names both people and addresses in that field. */
export function looksLikeAddress(text: string): boolean {
  return PHONE.test(text) || CHANNEL.test(text);
}

/** Whether an identity of the ledger is an address. */
export function isAddress(identity: Identity): boolean {
  return KEPT.test(identity);
}

/**
 * What an address is called in the ledger: a phone number as it is, `whatsapp.+1555…` for one at a channel, since an
 * identity cannot have a colon. Null when it cannot be kept.
 */
export function parseAddress(text: string): Identity | null {
  const [, channel, rest] = CHANNEL.exec(text) ?? [];
  const kept = channel === undefined ? text : `${channel}.${rest}`;
  // A short code, or a channel that is new, must not pass for a person.
  return parseIdentity(KEPT.test(kept) ? kept : `address.${kept.replaceAll(':', '.')}`);
}
