import type { Socket } from 'node:net';
import type { Redis } from 'ioredis';

const NEWS = '+switch-master';

export interface Sentinels {
  /** Their name for the master. */
  master: string;
  /** A client of each, not connected yet, that goes on trying when it cannot be reached. */
  listeners: readonly Redis[];
}

/**
 * Makes a client leave its master as soon as a Sentinel says that another server has taken its place. A master that was
 * only paused would go on taking writes that nobody keeps, until it is demoted some ten seconds later.
 *
 * ioredis's own `failoverDetector` ends the client for good when the news come while it is connecting, and prints each
 * error of a Sentinel that is away.
 */
export function followSentinels(client: Redis, { master, listeners }: Sentinels): Redis {
  let announced: { host: string; port: number } | null = null;

  function leaveAnother(): void {
    if (announced === null || (client.status !== 'connect' && client.status !== 'ready')) return;
    const { remoteAddress, remotePort } = client.stream as Socket;
    const isThere = announced.host === remoteAddress && announced.port === remotePort;
    // Once only: where the Sentinels tell names, no address is the announced one.
    announced = null;
    if (!isThere) client.disconnect(true);
  }

  for (const listener of listeners) {
    // The client says itself that no Sentinel answers.
    listener.on('error', () => {});
    listener.on('message', (_channel: string, news: string) => {
      const [name, , , host = '', port] = news.split(' ');
      if (name !== master) return;
      announced = { host, port: Number(port) };
      leaveAnother();
    });
  }
  client.once('connecting', () => {
    for (const listener of listeners) listener.subscribe(NEWS).catch(() => {});
  });
  client.on('connecting', () => {
    announced = null;
  });
  // News may have come after a Sentinel had told the address, and before anybody was there.
  client.on('connect', leaveAnother);
  client.on('end', () => {
    for (const listener of listeners) listener.disconnect();
  });
  return client;
}
