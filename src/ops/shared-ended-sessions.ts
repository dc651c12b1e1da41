import { createHash } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { type EndedSessions, EVERYBODY } from './ended-sessions.ts';

/** The part of a Redis client that is needed here; its calls fail at once when Redis is away. */
export interface SessionStore {
  set(key: string, value: string, unit: 'PX', ms: number): Promise<unknown>;
  mget(...keys: string[]): Promise<(string | null)[]>;
}

export interface SharedEndedSessionsOptions {
  store: SessionStore;
  /** First part of every key. */
  keyPrefix: string;
  /** What this gateway knows by itself: it decides while Redis is away. */
  own: EndedSessions;
  clock: Clock;
}

/**
 * Kept in Redis, for all gateways together. While Redis is away an operator still gets in, and sees the last known
 * figures; a session that ended elsewhere in that time is not known to be over until Redis answers again.
 */
export function createSharedEndedSessions(options: SharedEndedSessionsOptions): EndedSessions {
  const { store, own, clock } = options;
  // One hash tag: a Cluster answers for several keys at once only where they share a slot.
  const prefix = `${options.keyPrefix}:{ops}:ended`;
  const idKey = (id: string) => `${prefix}:id:${id}`;
  const nameKey = (name: string) =>
    `${prefix}:by:${createHash('sha256').update(name).digest('base64url').slice(0, 22)}`;

  async function put(key: string, value: string, untilMs: number): Promise<void> {
    const leftMs = untilMs - clock.now();
    if (leftMs <= 0) return;
    await store.set(key, value, 'PX', leftMs).catch((error: unknown) => {
      throw new GatewayError('ledger-unavailable', `ending a session: ${String(error)}`);
    });
  }

  return {
    async endOne(session, untilMs) {
      await own.endOne(session, untilMs);
      await put(idKey(session.id), '1', untilMs);
    },
    async endBefore(name, atMs, untilMs) {
      await own.endBefore(name, atMs, untilMs);
      await put(nameKey(name ?? EVERYBODY), String(atMs), untilMs);
    },
    async hasEnded(session) {
      if (await own.hasEnded(session)) return true;
      const { id, name, beganAtMs } = session;
      const answers = await store.mget(idKey(id), nameKey(name), nameKey(EVERYBODY)).catch(() => null);
      const [one, theirs, all] = answers ?? [];
      return one != null || [theirs, all].some((at) => at != null && beganAtMs <= Number(at));
    },
  };
}
