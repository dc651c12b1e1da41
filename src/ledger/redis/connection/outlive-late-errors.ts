import { AbstractConnector } from 'ioredis';

let isDone = false;

/**
 * A client that is ended in the middle of a TLS handshake may get two errors of its socket, that the certificate is not
 * trusted and that the server has complained, and ioredis listens to one: the other would end this process. So whoever
 * disconnects goes on listening.
 */
export function outliveLateErrors(): void {
  if (isDone) return;
  isDone = true;
  const connector = AbstractConnector.prototype as AbstractConnector & { stream?: NodeJS.EventEmitter };
  const { disconnect } = connector;
  connector.disconnect = function disconnectAndListen(this: typeof connector) {
    this.stream?.on('error', () => {});
    disconnect.call(this);
  };
}
