import request, { type Response, type Test } from 'supertest';
import { createDemoBearerSource, createDemoLogins } from '../../src/demo/demo-people.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { type Gateway, wire } from '../../src/wire.ts';
import { type Given, loaded, MINIMAL } from '../config/support.ts';
import { type SettableClock, settableClock } from '../support/clock.ts';

export const NOW_MS = Date.parse('2026-11-20T21:00:00.123Z');
export const DAY_MS = 86_400_000;
export const ORIGIN = 'https://gateway.example';
export const COOKIE_NAME = '__Host-mg_guest';

const LOGINS = createDemoLogins(() => 'random');

/** Guests are allowed; a second service stands beside the default one. */
export const YAML = `
guests: { policy: per-browser, newPerHour: 3 }
services:
  shop:
    accountSid: AC${'1'.repeat(32)}
    serviceSid: IS${'4'.repeat(32)}
    apiKey: { sid: SK${'2'.repeat(32)}, secretEnv: SHOP_SECRET }
`;

/** The whole gateway over an embedded ledger in memory, and a browser to ask it with. */
export interface GuestGateway {
  gateway: Gateway;
  clock: SettableClock;
  events: Record<string, unknown>[];
  /** A POST with a JSON body from the gateway's own page. */
  post(path: string, body?: object): Test;
}

export async function openGuestGateway(given: Given = {}): Promise<GuestGateway> {
  const { settings } = loaded({
    yaml: YAML,
    ...given,
    env: {
      ...MINIMAL,
      LEDGER_PATH: ':memory:',
      PUBLIC_URL: ORIGIN,
      SHOP_SECRET: 'signing-secret-of-the-shop-00000',
      ...given.env,
    },
  });
  const clock = settableClock(NOW_MS);
  const events: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void events.push(JSON.parse(line)) };
  const log = await createLogger({ level: 'debug', format: 'json', clock, destination });
  const bearerSources = [createDemoBearerSource(LOGINS)];
  const gateway = wire({ settings, clock, log, version: '1.2.3', bearerSources });
  const post = (path: string, body: object = {}) =>
    request(gateway.app).post(path).set('Origin', ORIGIN).send(body);
  return { gateway, clock, events, post };
}

/** The Authorization header of a person of the demo. */
export function loginOf(name: string): string {
  const login = LOGINS.find((each) => each.name === name);
  if (login === undefined) throw new Error(`nobody is called ${name}`);
  return `Bearer ${login.token}`;
}

/** What a browser would send back; null when nothing was set, an empty text when the cookie was cleared. */
export function cookieOf(response: Response): string | null {
  const [line, ...more] = (response.headers['set-cookie'] as unknown as string[] | undefined) ?? [];
  if (more.length > 0) throw new Error('more than one cookie was set');
  if (line === undefined) return null;
  const [pair = ''] = line.split(';');
  return line.includes('Max-Age=0') ? '' : pair;
}
