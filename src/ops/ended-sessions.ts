import type { Clock } from '../domain/clock.ts';

/** Which dashboard sessions ended before their time. Entries are kept as long as the sessions could have lived. */
export interface EndedSessions {
  /** @param untilMs when the session would have ended by itself, ms since the epoch */
  endOne(id: string, untilMs: number): Promise<void>;
  /** Ends all that began at `atMs` or before, of one operator or of all (null). */
  endBefore(name: string | null, atMs: number, untilMs: number): Promise<void>;
  hasEnded(session: { id: string; name: string; beganAtMs: number }): Promise<boolean>;
}

/** Entries kept at a time; beyond it the oldest is dropped. Each is a sign-out of the last twelve hours. */
const ENTRIES_MAX = 10_000;

/** Stands for all operators; no name has a line break. */
export const EVERYBODY = '\n';

/** Kept in this process: for one gateway, whose sessions end with it. */
export function createEndedSessions(clock: Clock): EndedSessions {
  const ids = new Map<string, number>();
  const names = new Map<string, { atMs: number; untilMs: number }>();

  function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
    map.delete(key);
    map.set(key, value);
    const [oldest] = map.keys();
    if (map.size > ENTRIES_MAX && oldest !== undefined) map.delete(oldest);
  }

  return {
    async endOne(id, untilMs) {
      for (const [known, endMs] of ids) if (endMs <= clock.now()) ids.delete(known);
      keep(ids, id, untilMs);
    },
    async endBefore(name, atMs, untilMs) {
      keep(names, name ?? EVERYBODY, { atMs, untilMs });
    },
    async hasEnded({ id, name, beganAtMs }) {
      if (ids.has(id)) return true;
      return [name, EVERYBODY].some((who) => beganAtMs <= (names.get(who)?.atMs ?? Number.NEGATIVE_INFINITY));
    },
  };
}
