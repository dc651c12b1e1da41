// Only Redis has passwords, speaks TLS, and has another server that takes over.
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { monthSummary } from '../e2e/answers.ts';
import { configuredEnv, OPS_KEY, SHARED, SIGNING, sharedIssuerFile } from '../e2e/configured.ts';
import { untilYes } from '../support/ask-redis.ts';
import { type Certificate, makeSignedCertificate } from '../support/certificate.ts';
import { buildOnce, type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { NODE_DOWN_SOON_MS } from '../support/redis-cluster.ts';
import { MASTER_DOWN_SOON_MS } from '../support/redis-sentinel.ts';
import { AUTH_TOKEN, signWebhook, webhookForm } from '../support/twilio-webhook.ts';
import { SENTINEL_LOGIN, untilServed } from './ask-gateway.ts';
import {
  SENTINEL_PASSWORD,
  type SecuredStore,
  startSecuredCluster,
  startSecuredSentinels,
  USER,
  untilReplicated,
} from './cluster-secured-stores.ts';

const PUBLIC_URL = 'https://chat-tokens.example.com';
const WEBHOOKS = '/v1/webhooks/twilio';

let certificate: Certificate & { authorityFile: string };
let store: SecuredStore;
let gateway: GatewayProcess;

beforeAll(buildOnce, 120_000);
afterEach(async () => {
  await gateway?.stop();
  await store?.stop();
  await certificate.remove();
});

function start(): Promise<GatewayProcess> {
  const { env, sentinelPassword } = store;
  return startGateway({
    env: configuredEnv({
      ...{ [SHARED.variable]: SHARED.secret, PUBLIC_URL, TWILIO_AUTH_TOKEN: AUTH_TOKEN },
      ...{ ...env, REDIS_USERNAME: USER.name, REDIS_PASSWORD: USER.password, REDIS_TLS: 'true' },
      // Only the authority is trusted, not the certificate itself.
      NODE_EXTRA_CA_CERTS: certificate.authorityFile,
      ...(sentinelPassword === null ? {} : { SENTINEL_LOGIN: sentinelPassword }),
    }),
    configFile: sharedIssuerFile(1_000, sentinelPassword === null ? [] : [SENTINEL_LOGIN]),
  });
}

/** Somebody joins a conversation, told as often as Twilio would until it is taken. */
function untilJoined(person: string): Promise<void> {
  const form = webhookForm(SIGNING.accountSid, 'onParticipantAdded', {
    ...{ Identity: person, DateCreated: new Date().toISOString() },
  });
  return untilYes(`it is taken that ${person} joined`, async () => {
    const response = await fetch(`${gateway.url}${WEBHOOKS}`, {
      method: 'POST',
      headers: { 'X-Twilio-Signature': signWebhook(`${PUBLIC_URL}${WEBHOOKS}`, form) },
      body: new URLSearchParams(form),
    });
    await response.arrayBuffer();
    if (response.status !== 200) expect(response.status).toBe(503);
    return response.status === 200;
  });
}

async function total(): Promise<number> {
  return (await monthSummary(gateway.url, OPS_KEY)).identities.total;
}

test.each([
  ['a Cluster', startSecuredCluster, NODE_DOWN_SOON_MS],
  ['Sentinels', startSecuredSentinels, MASTER_DOWN_SOON_MS],
] as const)(
  '%s with TLS by an own authority and a user of few rights: people and evidence outlive a failover',
  async (_, startStore, downAfterMs) => {
    certificate = await makeSignedCertificate();
    store = await startStore(certificate, { downAfterMs });
    gateway = await start();
    const people = Array.from({ length: 12 }, (_person, number) => `person-${number}`);
    await untilServed(gateway.url, 'person-0');
    for (const person of people) expect(await untilServed(gateway.url, person)).toBeDefined();
    await untilJoined('joined-before');
    expect(await total()).toBe(13);

    const primary = await store.primary();
    await untilReplicated(primary);
    primary.kill();
    await store.passedFrom(primary);

    for (const person of people) {
      expect(await untilServed(gateway.url, person)).toMatchObject({ outcome: 'reused' });
    }
    expect(await untilServed(gateway.url, 'newcomer')).toMatchObject({ firstThisMonth: true });
    await untilJoined('joined-after');
    await untilJoined('joined-before');
    expect(await total()).toBe(15);

    const { stdout, stderr } = await gateway.stop();
    for (const secret of [USER.password, SENTINEL_PASSWORD]) expect(stdout + stderr).not.toContain(secret);
  },
  90_000,
);
