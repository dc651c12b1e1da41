import { createHmac } from 'node:crypto';
import type { ServiceSettings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import { monthOf } from '../domain/month.ts';
import type { KeptActivities } from './keep-demo-activities.ts';
import { createFakeModel, type FakeModel } from './twilio/model/create-fake-model.ts';
import { countUsage } from './twilio/model/usage.ts';
import { startFakeTwilsock } from './twilio/socket/start-fake-twilsock.ts';
import { startFakeTwilio } from './twilio/start-fake-twilio.ts';

/** An account at the fake Twilio, for one of the demo's two shops. */
export interface DemoAccount {
  /** `ws://127.0.0.1:…`, where the SDK connects. */
  socketUrl: string;
  /** Identities that it would bill for this month. */
  billed(): number;
}

export interface DemoTwilio {
  /** The gateway's own account; its tokens are signed with its key. */
  guarded: DemoAccount;
  /** Of a shop that gives tokens to whoever loads a page. */
  unguarded: DemoAccount & { signToken(identity: string): string };
  /** `http://127.0.0.1:…`, the REST API of the gateway's account. */
  restUrl: string;
  close(): Promise<void>;
}

const UNGUARDED = {
  accountSid: `AC${'e'.repeat(32)}`,
  serviceSid: `IS${'e'.repeat(32)}`,
  keySid: `SK${'e'.repeat(32)}`,
};
const TOKEN_SECONDS = 3600;

/**
 * Starts the fake Twilio of demo mode on free ports of this machine: the gateway's account, which is given, and one
 * beside it that no gateway guards, for comparison.
 *
 * @param randomToken makes an unguessable text
 * @param memory what the gateway's account remembers from earlier starts; null: nothing
 */
export async function startDemoTwilio(
  { accountSid, serviceSid, apiKey }: Pick<ServiceSettings, 'accountSid' | 'serviceSid' | 'apiKey'>,
  clock: Clock,
  randomToken: () => string,
  memory: KeptActivities | null = null,
): Promise<DemoTwilio> {
  const now = () => clock.now();
  const remembered = memory === null ? {} : { earlier: memory.earlier, onActivity: memory.keep };
  const guarded = createFakeModel({ accountSid, services: [serviceSid], now, ...remembered });
  const { accountSid: otherSid, serviceSid: otherService, keySid } = UNGUARDED;
  const unguarded = createFakeModel({ accountSid: otherSid, services: [otherService], now });
  const secret = randomToken();

  const rest = await startFakeTwilio({ accountSid, apiKey, model: guarded });
  const sockets = await Promise.all([
    startFakeTwilsock({ model: guarded, apiKeys: new Map([[apiKey.sid, apiKey.secret]]), clock }),
    startFakeTwilsock({ model: unguarded, apiKeys: new Map([[keySid, secret]]), clock }),
  ]);
  return {
    guarded: { socketUrl: sockets[0].url, billed: () => billedBy(guarded) },
    unguarded: {
      socketUrl: sockets[1].url,
      billed: () => billedBy(unguarded),
      signToken: (identity) => signToken(identity, secret, now()),
    },
    restUrl: rest.url,
    close: async () => {
      await Promise.all([rest.close(), ...sockets.map((socket) => socket.close())]);
    },
  };
}

function billedBy({ usage, activities, now }: FakeModel): number {
  return countUsage(usage, activities, monthOf(now()), false);
}

/** What Twilio's quickstart server does, for anybody and without a question. */
function signToken(identity: string, secret: string, now: number): string {
  const iat = Math.floor(now / 1000);
  const { accountSid, serviceSid, keySid } = UNGUARDED;
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    jti: `${keySid}-${iat}`,
    grants: { identity, chat: { service_sid: serviceSid } },
    ...{ iat, exp: iat + TOKEN_SECONDS, iss: keySid, sub: accountSid },
  };
  const signed = `${part({ alg: 'HS256', typ: 'JWT', cty: 'twilio-fpa;v=1' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
