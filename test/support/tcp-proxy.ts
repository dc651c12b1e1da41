import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  port: number;
  /** Whatever comes is swallowed and nothing is answered; connections stay, and new ones are taken. */
  swallow(): void;
  /** Passes on again; connections that lost something break. */
  passOn(): void;
  stop(): Promise<void>;
}

/** Stands before a server on this machine, and can become a black hole. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let swallowing = false;

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  }

  function join(from: Socket, to: Socket): void {
    from.on('data', (bytes) => {
      if (!swallowing) to.write(bytes);
    });
    from.on('close', () => {
      if (!swallowing) to.destroy();
    });
  }

  const server = createServer({ noDelay: true }, (client) => {
    keep(client);
    if (swallowing) {
      client.resume();
      return;
    }
    const upstream = connect({ host: '127.0.0.1', port: target, noDelay: true });
    keep(upstream);
    join(client, upstream);
    join(upstream, client);
  });
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    swallow() {
      swallowing = true;
    },
    passOn() {
      if (swallowing) breakAll();
      swallowing = false;
    },
    async stop() {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}
