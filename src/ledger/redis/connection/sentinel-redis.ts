import type { Socket } from 'node:net';
import { Redis, type RedisOptions } from 'ioredis';

const NEWS = '+switch-master';

export interface Sentinels {
  /** Their name for the master. */
  master: string;
  /** A client of each, not connected yet, that goes on trying when it cannot be reached. */
  listeners: readonly Redis[];
}

/**
 * A client of the master under Sentinels that leaves it as soon as one of them says that another server has taken its place.
 * A master that was only paused would go on taking writes that nobody keeps, until it is demoted some ten seconds later.
 *
 * ioredis's own `failoverDetector` ends the client for good when the news come while it is connecting, and prints each
 * error of a Sentinel that is away.
 */
export class SentinelRedis extends Redis {
  readonly #listeners: readonly Redis[];
  #announced: { host: string; port: number } | null = null;

  constructor(options: Omit<RedisOptions, 'replyMapping'>, { master, listeners }: Sentinels) {
    super(options);
    this.#listeners = listeners;
    for (const listener of listeners) {
      // The client says itself that no Sentinel answers.
      listener.on('error', () => {});
      listener.on('message', (_channel: string, news: string) => {
        const [name, , , host = '', port] = news.split(' ');
        if (name !== master) return;
        this.#announced = { host, port: Number(port) };
        this.#leaveAnother();
      });
    }
    this.once('connecting', () => {
      for (const listener of listeners) listener.subscribe(NEWS).catch(() => {});
    });
    this.on('connecting', () => {
      this.#announced = null;
    });
    // News may have come after a Sentinel had told the address, and before anybody was there.
    this.on('connect', () => this.#leaveAnother());
    this.on('end', () => this.#endListeners());
  }

  override disconnect(reconnect = false): void {
    super.disconnect(reconnect);
    // Between two attempts to connect there is no `end`.
    if (!reconnect) this.#endListeners();
  }

  #leaveAnother(): void {
    if (this.#announced === null || (this.status !== 'connect' && this.status !== 'ready')) return;
    const { remoteAddress, remotePort } = this.stream as Socket;
    const isThere = this.#announced.host === remoteAddress && this.#announced.port === remotePort;
    // Once only: where the Sentinels tell names, no address is the announced one.
    this.#announced = null;
    if (!isThere) this.disconnect(true);
  }

  #endListeners(): void {
    for (const listener of this.#listeners) listener.disconnect();
  }
}
