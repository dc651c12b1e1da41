import type { Clock } from '../domain/clock.ts';

/** Which dashboard sessions ended before their time. Entries are kept as long as the sessions could have lived. */
export interface EndedSessions {
  /** @param untilMs when the session would have ended by itself, ms since the epoch */
  endOne(session: { id: string; name: string }, untilMs: number): Promise<void>;
  /** Ends all that began at `atMs` or before, of one operator or of all (null). */
  endBefore(name: string | null, atMs: number, untilMs: number): Promise<void>;
  hasEnded(session: { id: string; name: string; beganAtMs: number }): Promise<boolean>;
}

/** Sign-outs of the last twelve hours that are remembered one by one. */
const ENTRIES_MAX = 10_000;

/** Stands for all operators; no name has a line break. */
export const EVERYBODY = '\n';

/**
 * Kept in this process: for one gateway, whose sessions end with it. None is forgotten to make room for another, or somebody
 * who signs in and out all day would bring the sessions of others back to life: when there is no room left, whoever signs out
 * does so everywhere.
 */
export function createEndedSessions(clock: Clock): EndedSessions {
  const sessions = new Map<string, { name: string; untilMs: number }>();
  /** One entry for each operator at most: those that began by then are over. */
  const begunBefore = new Map<string, number>();

  function forget(isOver: (entry: { name: string; untilMs: number }) => boolean): void {
    for (const [id, entry] of sessions) if (isOver(entry)) sessions.delete(id);
  }

  return {
    async endOne({ id, name }, untilMs) {
      const nowMs = clock.now();
      if (sessions.size >= ENTRIES_MAX) forget((entry) => entry.untilMs <= nowMs);
      if (sessions.size < ENTRIES_MAX) {
        sessions.set(id, { name, untilMs });
        return;
      }
      begunBefore.set(name, nowMs);
      forget((entry) => entry.name === name);
    },
    async endBefore(name, atMs) {
      begunBefore.set(name ?? EVERYBODY, atMs);
    },
    async hasEnded({ id, name, beganAtMs }) {
      if (sessions.has(id)) return true;
      return [name, EVERYBODY].some((who) => beganAtMs <= (begunBefore.get(who) ?? Number.NEGATIVE_INFINITY));
    },
  };
}
