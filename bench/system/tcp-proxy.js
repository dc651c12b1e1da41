import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * Stands between the gateways and a Redis, and can be told to fail as networks do.
 *
 * @typedef {object} TcpProxy
 * @property {number} port
 * @property {() => void} swallow nothing gets through any more in either direction; connections stay, new ones are taken
 * @property {() => void} passOn what was swallowed is lost, so every connection of that time is broken
 * @property {() => void} reset breaks every connection
 * @property {() => Promise<void>} stop
 */

/**
 * @param {number} target port on this machine
 * @returns {Promise<TcpProxy>}
 */
export async function startTcpProxy(target) {
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  let swallows = false;

  const server = createServer({ noDelay: true }, (client) => {
    keep(client);
    if (swallows) return client.resume();
    const upstream = connect({ host: '127.0.0.1', port: target, noDelay: true });
    keep(upstream);
    join(client, upstream);
    join(upstream, client);
  });

  function keep(socket) {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  }

  function join(from, to) {
    from.on('data', (bytes) => {
      if (!swallows) to.write(bytes);
    });
    from.on('close', () => {
      if (!swallows) to.destroy();
    });
  }

  function reset() {
    // Not `resetAndDestroy`: a socket that is just being ended would never be closed, and keep Node from its end.
    for (const socket of sockets) socket.destroy();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    swallow: () => {
      swallows = true;
    },
    passOn() {
      swallows = false;
      reset();
    },
    reset,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        reset();
      }),
  };
}
