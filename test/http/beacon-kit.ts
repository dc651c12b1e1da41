import { createHmac } from 'node:crypto';
import request, { type Test } from 'supertest';
import { type Month, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE, parseServiceName, type ServiceName } from '../../src/domain/service-name.ts';
import { ACCOUNT, type Given, KEY, SERVICE } from '../config/support.ts';
import { type GuestGateway, loginOf, openGuestGateway } from './guest-gateway.ts';

export const NOW_SECONDS = Date.parse('2026-11-20T21:00:00Z') / 1000;

export const SHOP = parseServiceName('shop') as ServiceName;
export const SHOP_SERVICE = `IS${'4'.repeat(32)}`;
export const SHOP_KEY = { sid: `SK${'6'.repeat(32)}`, secret: 'signing-secret-of-the-shop-00001' };
export const SIGNING_KEY = { sid: KEY, secret: 'signing-secret-of-the-tests' };
export const PREVIOUS_KEY = { sid: `SK${'5'.repeat(32)}`, secret: 'signing-secret-of-last-year-0001' };

/** A second service stands beside the default one. */
export const YAML = `
services:
  shop:
    accountSid: ${ACCOUNT}
    serviceSid: ${SHOP_SERVICE}
    apiKey: { sid: ${SHOP_KEY.sid}, secretEnv: SHOP_SECRET }
`;

/** What is different about a token: parts of a good one are replaced, those that are undefined are left out. */
export interface TokenChanges {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  key?: { sid: string; secret: string };
}

/** A token as this gateway signs it, for `m_ada` in the default service, from now on for an hour. */
export function twilioToken({ header = {}, claims = {}, key = SIGNING_KEY }: TokenChanges = {}): string {
  const head = { alg: 'HS256', typ: 'JWT', cty: 'twilio-fpa;v=1', ...header };
  const body = {
    jti: `${key.sid}-${NOW_SECONDS}-1`,
    grants: { identity: 'm_ada', chat: { service_sid: SERVICE } },
    iat: NOW_SECONDS,
    exp: NOW_SECONDS + 3600,
    iss: key.sid,
    sub: ACCOUNT,
    ...claims,
  };
  const signed = [head, body]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac('sha256', key.secret).update(signed).digest('base64url')}`;
}

/** Grants of somebody, in the default service unless told. */
export function grantsOf(identity: string, serviceSid = SERVICE) {
  return { grants: { identity, chat: { service_sid: serviceSid } } };
}

/** The whole gateway over an embedded ledger in memory, with two services, and what tests ask it. */
export interface BeaconGateway extends GuestGateway {
  /** A beacon as `sendBeacon` makes it: `text/plain`, and no headers of its own. */
  beacon(body: object | string): Test;
  /** Mints a token for one of the people of the demo. */
  mint(name: string): Promise<{ token: string; identity: string; expiresAt: string }>;
  /** What the ledger says of everybody in a month. */
  people(month?: string, service?: ServiceName): Promise<Seen[]>;
  /** A value of the scrape, 0 when it is not there. */
  metric(name: string): Promise<number>;
  /** Ledger writes of evidence so far. */
  writes(): Promise<number>;
}

export interface Seen {
  identity: string;
  className: string;
  /** By signal: who told first, and in which minute. */
  signals: Record<string, string>;
}

export async function openBeaconGateway(given: Given = {}): Promise<BeaconGateway> {
  const env = {
    SHOP_SECRET: SHOP_KEY.secret,
    TWILIO_PREVIOUS_API_KEY_SID: PREVIOUS_KEY.sid,
    TWILIO_PREVIOUS_API_KEY_SECRET: PREVIOUS_KEY.secret,
    ...given.env,
  };
  const open = await openGuestGateway({ yaml: YAML, ...given, env });
  const { gateway } = open;
  const metric = async (name: string) => {
    const { text } = await request(gateway.metricsServer.http).get('/metrics');
    const line = text.split('\n').find((each) => each.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1) ?? 0);
  };
  return {
    ...open,
    beacon: (body) =>
      request(gateway.app)
        .post('/v1/beacons')
        .set('Content-Type', 'text/plain;charset=UTF-8')
        .send(typeof body === 'string' ? body : JSON.stringify(body)),
    mint: async (name) =>
      (await open.post('/v1/tokens', { intent: 'open_chat' }).set('Authorization', loginOf(name))).body,
    people: async (month = '2026-11', service = DEFAULT_SERVICE) => {
      const page = { after: null, limit: 1000 };
      const { items } = await gateway.ledger.identities(service, parseMonth(month) as Month, page);
      return items.map(({ identity, className, signals }) => ({
        identity,
        className,
        signals: Object.fromEntries(
          signals.map(({ signal, firstAt, source }) => [
            signal,
            `${source} ${new Date(firstAt * 1000).toISOString().slice(0, 16)}`,
          ]),
        ),
      }));
    },
    metric,
    writes: () => metric('mauguard_store_duration_seconds_count{op="record"}'),
  };
}
