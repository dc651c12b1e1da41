// Only Redis is asked over TLS.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectRedis } from '../../../src/ledger/redis/connection/connect.ts';
import { type Certificate, makeCertificate, tlsArgs } from '../../support/certificate.ts';
import { freePort } from '../../support/free-port.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';

let certificate: Certificate;
let server: RedisServer;
let tlsPort: number;

beforeAll(async () => {
  certificate = await makeCertificate();
  tlsPort = await freePort();
  server = await startRedisServer({ args: tlsArgs(tlsPort, certificate) });
});
afterAll(async () => {
  await server.stop();
  await certificate.remove();
});

test('a client that is ended in the middle of a handshake it does not trust takes nobody along', async () => {
  const url = `rediss://127.0.0.1:${tlsPort}`;
  let mistrusted = 0;
  for (let round = 0; round < 15; round++) {
    const clients = Array.from({ length: 12 }, async (_, place) => {
      const connection = { kind: 'single', url } as const;
      const client = connectRedis({
        ...{ connection, username: null, password: null, tls: false, deadlineMs: 250 },
      });
      client.on('error', ({ message }: Error) => {
        if (message.includes('self-signed')) mistrusted += 1;
      });
      client.connect().catch(() => {});
      await sleep(place);
      client.disconnect();
    });
    await Promise.all(clients);
    // An error that nobody listens to would fail this test.
    await sleep(120);
  }
  expect(mistrusted).toBeGreaterThan(0);
});
