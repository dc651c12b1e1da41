import { createHmac } from 'node:crypto';
import twilio from 'twilio';
import { createFakeModel, type FakeModel } from '../../../../src/demo/twilio/model/create-fake-model.ts';
import {
  type FakeTwilsock,
  type FakeTwilsockOptions,
  startFakeTwilsock,
} from '../../../../src/demo/twilio/socket/start-fake-twilsock.ts';
import type { Clock } from '../../../../src/domain/clock.ts';

const { AccessToken } = twilio.jwt;

export const ACCOUNT_SID = `AC${'1'.repeat(32)}`;
export const SERVICE_SID = `IS${'2'.repeat(32)}`;
export const KEY_SID = `SK${'3'.repeat(32)}`;
export const KEY_SECRET = 'a secret of the fake account';

export interface FakeAccountSocket {
  model: FakeModel;
  twilsock: FakeTwilsock;
  apiKeys: Map<string, string>;
}

/** A fake account with one service and one key, and its socket. */
export async function startAccount(
  clock: Clock,
  options: Partial<FakeTwilsockOptions> = {},
): Promise<FakeAccountSocket> {
  const model = createFakeModel({ accountSid: ACCOUNT_SID, services: [SERVICE_SID], now: () => clock.now() });
  const apiKeys = new Map([[KEY_SID, KEY_SECRET]]);
  const twilsock = await startFakeTwilsock({ model, apiKeys, clock, ...options });
  return { model, twilsock, apiKeys };
}

export interface TokenParts {
  identity?: string;
  ttl?: number;
  secret?: string;
  keySid?: string;
  accountSid?: string;
  serviceSid?: string;
  nbf?: number;
}

/** A token as Twilio's own library signs it. */
export function signToken(parts: TokenParts = {}): string {
  const {
    identity = 'ada',
    ttl = 3600,
    secret = KEY_SECRET,
    keySid = KEY_SID,
    accountSid = ACCOUNT_SID,
  } = parts;
  const nbf = parts.nbf === undefined ? {} : { nbf: parts.nbf };
  const token = new AccessToken(accountSid, keySid, secret, { identity, ttl, ...nbf });
  token.addGrant(new AccessToken.ChatGrant({ serviceSid: parts.serviceSid ?? SERVICE_SID }));
  return token.toJwt();
}

/** A token of any header and claims, well signed. */
export function signClaims(claims: object, header: object, secret = KEY_SECRET): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
