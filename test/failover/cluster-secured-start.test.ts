// Only Redis has passwords and speaks TLS.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { configuredEnv, SHARED, sharedIssuerFile } from '../e2e/configured.ts';
import { type Certificate, makeCertificate, makeSignedCertificate, tlsArgs } from '../support/certificate.ts';
import { freePort } from '../support/free-port.ts';
import { buildOnce, type Exit, runGateway } from '../support/gateway-process.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { SENTINEL_LOGIN } from './ask-gateway.ts';
import {
  SENTINEL_PASSWORD,
  type SecuredStore,
  startSecuredCluster,
  startSecuredSentinels,
  USER,
} from './cluster-secured-stores.ts';

/** A gateway waits ten seconds for Redis; six of them start beside each other. */
const GIVES_UP_MS = 45_000;
const WRONG = 'another-password-that-nobody-may-see';
const WRONG_PASSWORD = /WRONGPASS invalid username-password pair/;
const WRONG_AUTHORITY = /self-signed certificate in certificate chain/;

let certificate: Certificate & { authorityFile: string };
let stranger: Certificate;
let cluster: SecuredStore;
let sentinels: SecuredStore;
let single: RedisServer;
let singleAt: string;

beforeAll(async () => {
  [certificate, stranger] = await Promise.all([makeSignedCertificate(), makeCertificate(), buildOnce()]);
  const port = await freePort();
  singleAt = `127.0.0.1:${port}`;
  single = await startRedisServer({
    args: [...tlsArgs(port, certificate), '--user', USER.name, 'on', `>${USER.password}`, '~mg:*', '+@all'],
  });
  [cluster, sentinels] = await Promise.all([
    startSecuredCluster(certificate),
    startSecuredSentinels(certificate),
  ]);
}, 120_000);
afterAll(async () => {
  await Promise.all([
    single.stop(),
    cluster.stop(),
    sentinels.stop(),
    certificate.remove(),
    stranger.remove(),
  ]);
});

const rightLogin = { REDIS_USERNAME: USER.name, REDIS_PASSWORD: USER.password, REDIS_TLS: 'true' };

interface Start {
  env: Record<string, string>;
  trusted?: Certificate;
}

function startWith({ env, trusted = certificate }: Start): Promise<Exit> {
  const authority = trusted.authorityFile ?? trusted.certFile;
  return runGateway(
    {
      env: configuredEnv({ [SHARED.variable]: SHARED.secret, NODE_EXTRA_CA_CERTS: authority, ...env }),
      configFile: sharedIssuerFile(1_000, env['SENTINEL_LOGIN'] === undefined ? [] : [SENTINEL_LOGIN]),
    },
    GIVES_UP_MS,
  );
}

/** One line that says what is wrong and with whom, without any password. */
function expectReason({ code, stdout, stderr }: Exit, where: string, reason: RegExp): void {
  expect({ code, stderr }).toEqual({ code: 2, stderr });
  expect(stderr.trim().split('\n')).toHaveLength(1);
  const who = where === 'REDIS_URL' ? '' : String.raw`127\.0\.0\.1:\d+: `;
  expect(stderr).toMatch(
    new RegExp(`^${where}: expected a Redis that answers; found ${who}${reason.source}`),
  );
  for (const secret of [USER.password, SENTINEL_PASSWORD, WRONG])
    expect(stdout + stderr).not.toContain(secret);
}

describe('a gateway that Redis does not take says why, in one line', () => {
  test('by another password', async () => {
    const [ofCluster, ofMaster, ofUrl] = await Promise.all([
      startWith({ env: { ...cluster.env, ...rightLogin, REDIS_PASSWORD: WRONG } }),
      startWith({
        env: { ...sentinels.env, ...rightLogin, REDIS_PASSWORD: WRONG, SENTINEL_LOGIN: SENTINEL_PASSWORD },
      }),
      startWith({ env: { REDIS_URL: `rediss://${USER.name}:${WRONG}@${singleAt}` } }),
    ]);
    expectReason(ofCluster, 'REDIS_\\*', WRONG_PASSWORD);
    expectReason(ofMaster, 'REDIS_\\*', WRONG_PASSWORD);
    expectReason(ofUrl, 'REDIS_URL', WRONG_PASSWORD);
  }, 60_000);

  test('by an authority that is not trusted', async () => {
    const [ofCluster, ofSentinels, ofUrl] = await Promise.all([
      startWith({ env: { ...cluster.env, ...rightLogin }, trusted: stranger }),
      startWith({
        env: { ...sentinels.env, ...rightLogin, SENTINEL_LOGIN: SENTINEL_PASSWORD },
        trusted: stranger,
      }),
      startWith({
        env: { REDIS_URL: `rediss://${USER.name}:${USER.password}@${singleAt}` },
        trusted: stranger,
      }),
    ]);
    expectReason(ofCluster, 'REDIS_\\*', WRONG_AUTHORITY);
    expectReason(ofSentinels, 'REDIS_\\*', WRONG_AUTHORITY);
    expectReason(ofUrl, 'REDIS_URL', WRONG_AUTHORITY);
  }, 60_000);
});
