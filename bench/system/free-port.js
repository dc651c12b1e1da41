import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range that systems take outgoing ports from, so that it is not taken between the check and its use.
const LOWEST = 22_000;
const HIGHEST = 32_000;
const ATTEMPTS = 100;

/** A loopback port on which nothing listens, drawn at random. */
export async function freePort() {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    const server = createServer();
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      return port;
    } catch {
      // Taken; draw again.
    } finally {
      server.close();
    }
  }
  throw new Error(`no free port among ${ATTEMPTS} tried`);
}
