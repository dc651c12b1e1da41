import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startRedis } from '../../bench/system/redis-server.js';
import { createRandom } from '../tools/random.js';
import { createSender } from '../tools/send.js';
import { FAILURES, settingsOf } from './gateway-settings.js';
import { startIssuer } from './issuer.js';
import { plantSecrets } from './secrets.js';
import { startGateway } from './start-gateway.js';
import { createWitness } from './witness.js';

/** So that thousands of refusals of one address are all told apart; the other gateway has the usual limit. */
const MANY_FAILURES = 6_000;

/**
 * What is attacked: two gateways on one Redis. `open` stands alone and hardly limits failures; `proxied` stands behind
 * one proxy and limits them as usual.
 *
 * @typedef {object} Ground
 * @property {import('./secrets.js').Secrets} secrets
 * @property {import('./issuer.js').Issuer} issuer
 * @property {{ open: import('./start-gateway.js').Gateway, proxied: import('./start-gateway.js').Gateway }} gateways
 * @property {import('./witness.js').Witness} witness
 * @property {import('../tools/send.js').Send} send
 * @property {() => Promise<string>} readDisk what Redis wrote, Latin-1
 */

/**
 * @param {{ seed: number, folder: string, defer: (undo: () => Promise<unknown>) => void }} options
 * @returns {Promise<Ground>}
 */
export async function startGround({ seed, folder, defer }) {
  const secrets = plantSecrets(createRandom(seed));
  const witness = createWitness();
  for (const [name, secret] of Object.entries(secrets)) witness.plant(name, secret);
  const { send, close } = createSender(witness.see);
  defer(async () => close());

  const redis = await startRedis({ folder, durable: true, core: null });
  defer(redis.stop);
  const [, disk] = await redis.admin.config('GET', 'dir');
  await redis.admin.config('SET', 'requirepass', secrets.redisPassword);
  const redisUrl = redis.url.replace('//', `//:${secrets.redisPassword}@`);

  const issuer = await startIssuer(secrets);
  defer(issuer.stop);
  const shared = { secrets, issuer, redisUrl };
  const start = async (name, options) => {
    const gateway = await startGateway({ name, folder, ...settingsOf({ ...shared, ...options }) });
    defer(gateway.stop);
    return gateway;
  };
  return {
    ...{ secrets, issuer, witness, send },
    gateways: {
      open: await start('open', { failuresPerMinute: MANY_FAILURES }),
      proxied: await start('proxied', { failuresPerMinute: FAILURES, environment: { TRUST_PROXY: '1' } }),
    },
    readDisk: async () => {
      const files = await readdir(disk, { recursive: true, withFileTypes: true });
      const texts = files
        .filter((file) => file.isFile())
        .map((file) => readFile(join(file.parentPath ?? file.path, file.name), 'latin1'));
      return (await Promise.all(texts)).join('\n');
    },
  };
}
