import { Redis } from 'ioredis';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';

/** A real Redis that can be sent back to what it held at an earlier time, as by a failover or an old snapshot. */
export class OlderRedis {
  #server: RedisServer;

  private constructor(server: RedisServer) {
    this.#server = server;
  }

  static async start(): Promise<OlderRedis> {
    return new OlderRedis(await startRedisServer());
  }

  get url(): string {
    return this.#server.url;
  }

  /** Remembers what it holds now. */
  snapshot(): Promise<unknown> {
    return this.#admin((admin) => admin.save());
  }

  /** Ends it at once and starts it with what it held at the last snapshot; without one it is empty then. */
  async goBack(): Promise<void> {
    const { dir, port } = this.#server;
    this.#server.kill();
    this.#server = await startRedisServer({ dir, port });
  }

  empty(): Promise<unknown> {
    return this.#admin((admin) => admin.flushall());
  }

  forgetScripts(): Promise<unknown> {
    return this.#admin((admin) => admin.script('FLUSH'));
  }

  /** It answers nobody until it is resumed, and then what it was asked meanwhile. */
  pause(): void {
    this.#server.pause();
  }

  resume(): void {
    this.#server.resume();
  }

  cutConnections(): Promise<unknown> {
    return this.#admin((admin) => admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }

  async #admin<Result>(work: (admin: Redis) => Promise<Result>): Promise<Result> {
    const admin = new Redis(this.#server.url);
    try {
      return await work(admin);
    } finally {
      admin.disconnect();
    }
  }
}
