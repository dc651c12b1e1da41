import { createHash } from 'node:crypto';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDemoBearerSource, createDemoLogins } from '../../src/demo/demo-people.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { type Gateway, wire } from '../../src/wire.ts';
import { loaded, MINIMAL } from '../config/support.ts';
import { type SettableClock, settableClock } from '../support/clock.ts';
import { plantSecrets } from '../support/planted-secrets.ts';
import { AUTH_TOKEN } from '../support/twilio-webhook.ts';

export const NOW_MS = Date.parse('2026-11-20T21:00:00.123Z');
export const PUBLIC_URL = 'https://gateway.example';
const ADMIN_KEY = 'admin-key-of-the-fuzzers';
export const ADMIN = { authorization: `Bearer ${ADMIN_KEY}` };
const LOGINS = createDemoLogins(() => 'random');

/** Guests are let in, and nobody is stopped for asking often. */
const YAML = `
guests: { policy: per-browser, newPerHour: 100000 }
limits: { tokenRequestsPerMinute: 6000, failedAuthenticationsPerMinute: 6000 }
compatibility: { tokenEndpoint: password }
`;

export interface Asked {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface Answered {
  status: number;
  /** The headers, as JSON. */
  head: string;
  text: string;
  ms: number;
}

/**
 * A gateway with everything on, over an embedded ledger in memory, that listens.
 */
export interface WholeGateway {
  gateway: Gateway;
  clock: SettableClock;
  /** Log events at level error, of which there should be none. */
  errors: Record<string, unknown>[];
  /** Sends it as it is; the clock goes on a little each time, so that no limit by the minute is reached. */
  ask(asked: Asked): Promise<Answered>;
  login: string;
  close(): Promise<void>;
}

export async function openWholeGateway(): Promise<WholeGateway> {
  const sha256 = createHash('sha256').update(ADMIN_KEY).digest('hex');
  const env = {
    ...MINIMAL,
    ...{ LEDGER_PATH: ':memory:', PUBLIC_URL, TWILIO_AUTH_TOKEN: AUTH_TOKEN },
    // Nobody answers there: what asks Twilio says so.
    TWILIO_REST_URL: 'http://127.0.0.1:9',
    OPS_API_KEYS: `root:admin:${sha256}`,
  };
  plantSecrets({ ADMIN_KEY });
  const { settings } = loaded({ yaml: YAML, env });
  const clock = settableClock(NOW_MS);
  const errors: Record<string, unknown>[] = [];
  const keepErrors = (line: string) => {
    const event = JSON.parse(line) as Record<string, unknown>;
    if (event['level'] === 'error' || event['code'] === 'internal') errors.push(event);
  };
  const log = await createLogger({
    level: 'info',
    format: 'json',
    clock,
    destination: { write: keepErrors },
  });
  const bearerSources = [createDemoBearerSource(LOGINS)];
  const gateway = wire({ settings, clock, log, version: '1.2.3', bearerSources });
  const { port } = (await gateway.server.listen(0, '127.0.0.1')) as AddressInfo;
  return {
    ...{ gateway, clock, errors },
    login: `Bearer ${LOGINS[0]!.token}`,
    ask: async (asked) => {
      clock.advance(100);
      return send(port, asked);
    },
    close: () => gateway.server.drain(),
  };
}

const DEADLINE_MS = 10_000;
/** Far above what anything takes on a busy machine that is no hang. */
const PATIENCE_MS = 5_000;

/** The gateway has nothing to be sorry for: no 500, which alone is a fault of its own, and no hang. */
export function expectSound({ status, text, ms }: Answered): void {
  if (status === 0 || status === 500) throw new Error(`answered ${status}: ${text}`);
  if (ms > PATIENCE_MS) throw new Error(`took ${Math.round(ms)} ms`);
}

function send(port: number, { method, path, headers = {}, body }: Asked): Promise<Answered> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    // Node says no length by itself where a body is unusual, and the rest would be another request.
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = { ...headers, ...length };
    const options = { port, path, headers: sent, method: method ?? (body === undefined ? 'GET' : 'POST') };
    const outgoing = request(
      { host: '127.0.0.1', agent: false, timeout: DEADLINE_MS, ...options },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const head = JSON.stringify(incoming.rawHeaders);
          resolve({ status: incoming.statusCode ?? 0, head, text, ms: performance.now() - startedAt });
        });
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path} hangs`)));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
