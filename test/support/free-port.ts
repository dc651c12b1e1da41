import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range from which systems hand out ports for outgoing connections and for port 0, so that such a
// port is not taken from under us between the check and its use.
const LOWEST = 12_000;
/** For each of the processes in which test files run at once: what one has drawn is not drawn by another before its use. */
const PORTS_EACH = 1_000;
const PROCESSES = 10;
const ATTEMPTS = 200;

/** Before their use the same goes for what is drawn in one file. */
const drawn = new Set<number>();

/**
 * A loopback port on which nothing listens, and another one each time.
 *
 * Drawn at random, because more than one run of the tests may be under way. Whoever uses it should still try again when the
 * port has been taken meanwhile.
 *
 * @param alsoAt distances at which a port must be free too, such as 10000 for the bus of a Redis Cluster node
 */
export async function freePort(alsoAt: readonly number[] = []): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = lowest() + Math.floor(Math.random() * PORTS_EACH);
    if (drawn.has(port)) continue;
    drawn.add(port);
    const free = await Promise.all([0, ...alsoAt].map((distance) => isFree(port + distance)));
    if (free.every(Boolean)) return port;
  }
  throw new Error(`no free port among ${ATTEMPTS} tried from ${lowest()} on`);
}

function lowest(): number {
  const place = (Number(process.env['JEST_WORKER_ID'] ?? 1) - 1) % PROCESSES;
  return LOWEST + place * PORTS_EACH;
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
