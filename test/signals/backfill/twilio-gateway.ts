import { createHash } from 'node:crypto';
import {
  createFakeModel,
  FAKE_POST_FILTERS,
  type FakeModel,
} from '../../../src/demo/twilio/model/create-fake-model.ts';
import type { FakeFault } from '../../../src/demo/twilio/rest/faults.ts';
import { type FakeTwilio, startFakeTwilio } from '../../../src/demo/twilio/start-fake-twilio.ts';
import type { Month } from '../../../src/domain/month.ts';
import { parseMonth } from '../../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import type { IdentityRecord } from '../../../src/ledger/records.ts';
import { prepareLedger } from '../../../src/prepare-ledger.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { type Gateway, wire } from '../../../src/wire.ts';
import { ACCOUNT, loaded, MINIMAL, SERVICE } from '../../config/support.ts';
import { REST_KEY } from '../../demo/twilio/fake-kit.ts';
import { type SettableClock, settableClock } from '../../support/clock.ts';
import { freePort } from '../../support/free-port.ts';
import { plantSecrets } from '../../support/planted-secrets.ts';
import { AUTH_TOKEN } from '../../support/twilio-webhook.ts';

export const ADMIN_KEY = 'mgk_the-admin';
export const VIEWER_KEY = 'mgk_the-viewer';
export const NOVEMBER = parseMonth('2026-11') as Month;

/** A gateway on a free port, and the Twilio that it reads and that sends it webhooks; both live in the same time. */
export interface TwilioGateway {
  gateway: Gateway;
  url: string;
  model: FakeModel;
  twilio: FakeTwilio;
  clock: SettableClock;
  lines: Record<string, unknown>[];
  /** What Twilio does instead of answering, from now on. */
  meet(fault: FakeFault | null): void;
  ask(
    method: string,
    path: string,
    body?: object,
    key?: string,
    headers?: Record<string, string>,
  ): Promise<Asked>;
  people(month?: Month): Promise<IdentityRecord[]>;
  stop(): Promise<void>;
}

export interface Asked {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at a few members of many kinds of answers
  body: any;
}

export interface TwilioGatewayOptions {
  startAt: number;
  env?: Record<string, string>;
  yaml?: string;
  /** Another gateway beside an earlier one, at the same Twilio. */
  beside?: TwilioGateway;
}

export async function openTwilioGateway(options: TwilioGatewayOptions): Promise<TwilioGateway> {
  const { beside } = options;
  const clock = beside?.clock ?? settableClock(options.startAt);
  const model =
    beside?.model ?? createFakeModel({ accountSid: ACCOUNT, services: [SERVICE], now: clock.now });
  let fault: FakeFault | null = null;
  const twilio =
    beside?.twilio ??
    (await startFakeTwilio({ accountSid: ACCOUNT, apiKey: REST_KEY, model, fault: () => fault }));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  plantSecrets({ ADMIN_KEY, VIEWER_KEY });
  const { settings } = loaded({
    env: {
      ...{ ...MINIMAL, LEDGER_PATH: ':memory:', PUBLIC_URL: url, TWILIO_AUTH_TOKEN: AUTH_TOKEN },
      ...{ TWILIO_REST_URL: twilio.url, TWILIO_REST_API_KEY_SID: REST_KEY.sid },
      TWILIO_REST_API_KEY_SECRET: REST_KEY.secret,
      OPS_API_KEYS: `anna:admin:${sha256(ADMIN_KEY)},vera:viewer:${sha256(VIEWER_KEY)}`,
      ...options.env,
    },
    yaml: options.yaml ?? 'limits: { twilioReadsPerSecond: 30 }\n',
  });
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const log = await createLogger({ level: 'info', format: 'json', clock, destination });
  const gateway = wire({
    ...{ settings, clock, log, version: '1.2.3' },
    // The person is whom the token names.
    bearerSources: [
      (subject) => ({
        ...{ issuer: MINIMAL['AUTH_ISSUER'] ?? '', subject, className: 'member' },
        ...{ tenant: null, display: null, via: 'bearer' },
      }),
    ],
  });
  await prepareLedger(gateway, settings, { clock, acceptNewIdentities: false });
  await gateway.server.listen(port, '127.0.0.1');
  model.account.webhooks = {
    preUrl: null,
    postUrl: `${url}/v1/webhooks/twilio`,
    filters: [...FAKE_POST_FILTERS],
  };
  return {
    ...{ gateway, url, model, twilio, clock, lines },
    meet(next) {
      fault = next;
    },
    async ask(method, path, body, key = ADMIN_KEY, headers = {}) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    },
    async people(month = NOVEMBER) {
      const all: IdentityRecord[] = [];
      for (let after: string | null = null; ; ) {
        const page = await gateway.ledger.identities(DEFAULT_SERVICE, month, { after, limit: 1000 });
        all.push(...page.items);
        after = page.next ?? null;
        if (after === null) return all;
      }
    },
    async stop() {
      await gateway.server.drain();
      if (beside === undefined) await twilio.close();
    },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
