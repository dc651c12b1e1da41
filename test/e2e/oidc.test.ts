import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import {
  APP_CLIENT,
  GATEWAY_CLIENT,
  JWT_RESOURCE,
  type OidcIssuer,
  OPAQUE_RESOURCE,
  startOidcIssuer,
} from '../support/oidc-issuer.ts';
import { openTestRedisLedger } from '../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { askForToken, expectProblem, monthSummary, tokenFor } from './answers.ts';
import { configuredEnv, OPS_KEY, SIGNING, VIEWER_KEY } from './configured.ts';

const DEADLINE = 'ledger: { deadlineMs: 10000 }\n';

const PERSON = 'ada-lovelace-1815';

let issuer: OidcIssuer;
let redis: RedisServer;
let ledger: Ledger;

beforeAll(async () => {
  [issuer, redis] = await Promise.all([startOidcIssuer(), startRedisServer({ appendfsyncAlways: true })]);
  ledger = await openTestRedisLedger({ kind: 'single', url: redis.url });
});
afterAll(async () => {
  await ledger.close();
  await Promise.all([issuer.stop(), redis.stop()]);
});

/** Fields and values of one key, as text. */
async function readKey(client: Redis, key: string): Promise<string> {
  switch (await client.type(key)) {
    case 'hash':
      return JSON.stringify(await client.hgetall(key));
    case 'stream':
      return JSON.stringify(await client.xrange(key, '-', '+'));
    case 'set':
      return JSON.stringify(await client.smembers(key));
    case 'string':
      return String(await client.get(key));
    default:
      throw new Error(`${key} is of a type that this test does not know`);
  }
}

describe('a gateway that knows its issuer by name only', () => {
  let gateway: GatewayProcess;
  let accessToken: string;
  let idToken: string;

  beforeAll(async () => {
    ({ accessToken, idToken } = await issuer.signIn(PERSON, JWT_RESOURCE));
    gateway = await startGateway({
      env: configuredEnv({
        AUTH_ISSUER: issuer.url,
        AUTH_AUDIENCE: `${JWT_RESOURCE},${APP_CLIENT.id}`,
        REDIS_URL: redis.url,
      }),
      configFile: DEADLINE,
    });
  });
  afterAll(() => gateway.stop());

  test('mints for the access token of a real login, and the mint is in Redis when the answer is here', async () => {
    expect(decodeProtectedHeader(accessToken)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });

    const answer = await tokenFor(gateway.url, accessToken);
    const month = parseMonth(answer.month)!;
    const { items } = await ledger.mints(DEFAULT_SERVICE, month, { after: null, limit: 100 });

    const { payload, protectedHeader } = await jwtVerify(answer.token, Buffer.from(SIGNING.keySecret), {
      issuer: SIGNING.keySid,
      subject: SIGNING.accountSid,
    });
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT', cty: 'twilio-fpa;v=1' });
    expect(payload['grants']).toEqual({
      identity: answer.identity,
      chat: { service_sid: SIGNING.serviceSid },
    });
    expect(payload.jti).toBe(`${SIGNING.keySid}-${payload.iat}-${items[0]!.ordinal}`);
    expect(items).toEqual([
      expect.objectContaining({
        ...{ identity: answer.identity, subject: answer.identity, className: 'member', outcome: 'new' },
        ...{ issuedAt: payload.iat, expiresAt: payload.exp },
      }),
    ]);
    expect(answer.month).toBe(new Date(payload.iat! * 1000).toISOString().slice(0, 7));
  });

  test('keeps it under the UTC month, and nothing of the person beside it', async () => {
    const { month } = await tokenFor(gateway.url, accessToken);
    const client = new Redis(redis.url);
    try {
      const keys = await client.keys('*');
      expect(keys).toContain(`mg:{default}:${month}:totals`);
      expect(keys).toContain(`mg:{default}:${month}:mints`);
      const everything = (await Promise.all(keys.map((key) => readKey(client, key)))).join('\n');
      expect(everything).toContain('minted');
      expect(everything).not.toContain(PERSON);
      expect(everything).not.toContain(SIGNING.keySecret);
    } finally {
      client.disconnect();
    }
  });

  test('gives the very same token again, also for the ID token of the same login', async () => {
    const first = await tokenFor(gateway.url, accessToken);
    const again = await tokenFor(gateway.url, accessToken);
    const byIdToken = await tokenFor(gateway.url, idToken);

    expect(decodeJwt(idToken).aud).toBe(APP_CLIENT.id);
    expect([again.outcome, byIdToken.outcome]).toEqual(['reused', 'reused']);
    expect(again.token).toBe(first.token);
    expect(byIdToken.token).toBe(first.token);
  });

  test('the month has one identity, for whoever may see it', async () => {
    const summary = await monthSummary(gateway.url, OPS_KEY);
    expect(summary).toMatchObject({
      identities: { total: 1, new: 1, returning: 0, byClass: { member: 1 }, bySignal: { minted: 1 } },
      mints: { minted: 1, refused: {} },
      budget: null,
      cost: { currency: 'USD' },
    });
    expect(summary.mints.reused).toBeGreaterThanOrEqual(2);
    expect(await monthSummary(gateway.url, VIEWER_KEY)).not.toHaveProperty('cost');
    const turnedAway = await fetch(`${gateway.url}/v1/months/current`);
    await expectProblem(turnedAway, 'unauthenticated');
    const byAppLogin = { headers: { authorization: `Bearer ${accessToken}` } };
    await expectProblem(await fetch(`${gateway.url}/v1/months/current`, byAppLogin), 'unauthenticated');
  });

  test('another person is another identity', async () => {
    const grace = await issuer.signIn('grace', JWT_RESOURCE);
    const answer = await tokenFor(gateway.url, grace.accessToken);
    expect(answer).toMatchObject({ outcome: 'minted', firstThisMonth: true });
    expect(answer.identity).not.toBe((await tokenFor(gateway.url, accessToken)).identity);
    expect((await monthSummary(gateway.url, OPS_KEY)).identities.total).toBe(2);
  });

  test('a token for another resource of the same issuer is refused, readable or not', async () => {
    const { accessToken: opaque } = await issuer.signIn(PERSON, OPAQUE_RESOURCE);
    await expectProblem(await askForToken(gateway.url, opaque), 'unauthenticated');
  });
});

describe('a gateway that asks the issuer about opaque tokens', () => {
  let gateway: GatewayProcess;

  beforeAll(async () => {
    gateway = await startGateway({
      env: configuredEnv({ REDIS_URL: redis.url, INTROSPECTION_SECRET: GATEWAY_CLIENT.secret }),
      configFile: `
issuers:
  - issuer: ${issuer.url}
    audience: [${OPAQUE_RESOURCE}, ${JWT_RESOURCE}]
    introspection:
      url: ${issuer.url}/token/introspection
      clientId: ${GATEWAY_CLIENT.id}
      clientSecretEnv: INTROSPECTION_SECRET
${DEADLINE}`,
    });
  });
  afterAll(() => gateway.stop());

  test('mints for one, and the person is the same as by a readable token', async () => {
    const opaque = await issuer.signIn('linus', OPAQUE_RESOURCE);
    const readable = await issuer.signIn('linus', JWT_RESOURCE);
    expect(opaque.accessToken).not.toContain('.');

    const first = await tokenFor(gateway.url, opaque.accessToken);
    const second = await tokenFor(gateway.url, readable.accessToken);

    expect(first.outcome).toBe('minted');
    expect(second).toMatchObject({ outcome: 'reused', token: first.token, identity: first.identity });
  });

  test('refuses one that was revoked, and one that never was', async () => {
    const { accessToken } = await issuer.signIn('linus', OPAQUE_RESOURCE);
    await issuer.revoke(accessToken);
    await expectProblem(await askForToken(gateway.url, accessToken), 'unauthenticated');
    await expectProblem(await askForToken(gateway.url, `${accessToken.slice(0, -1)}_`), 'unauthenticated');
  });

  test('logs neither the tokens nor its secret', async () => {
    await gateway.stop();
    const log = `${gateway.stdout()}${gateway.stderr()}`;
    expect(log).toContain('token.minted');
    for (const secret of ['linus', GATEWAY_CLIENT.secret, SIGNING.keySecret])
      expect(log).not.toContain(secret);
  });
});
