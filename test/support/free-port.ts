import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range from which systems hand out ports for outgoing connections and for port 0, so that such a
// port is not taken from under us between the check and its use.
const LOWEST = 12_000;
const HIGHEST = 22_000;
const ATTEMPTS = 200;

/**
 * A loopback port on which nothing listens.
 *
 * Drawn at random, because test files run in several processes at once. Whoever uses it should still try again
 * when the port has been taken meanwhile.
 *
 * @param alsoAt distances at which a port must be free too, such as 10000 for the bus of a Redis Cluster node
 */
export async function freePort(alsoAt: readonly number[] = []): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    const free = await Promise.all([0, ...alsoAt].map((distance) => isFree(port + distance)));
    if (free.every(Boolean)) return port;
  }
  throw new Error(`no free port among ${ATTEMPTS} tried between ${LOWEST} and ${HIGHEST}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    await new Promise((closed) => server.close(closed));
  }
}
