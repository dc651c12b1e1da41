import { randomBytes } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import type { Operator } from './operator.ts';

/** How long a code may wait for its use. */
const LOGIN_CODE_LIFE_SECONDS = 900;
/** Codes kept at a time; beyond it the oldest is dropped. */
const CODES_MAX = 100;

/** Links that open the dashboard once, for a person who has no key at hand yet. */
export interface OneTimeLogins {
  /** A new code of 128 random bits for this operator, good for one use within 15 minutes in this process. */
  issue(operator: Operator): string;
  /** The operator behind a code, which is void from then on; null for a used, expired or unknown one. */
  redeem(code: string): Operator | null;
}

export function createOneTimeLogins(clock: Clock): OneTimeLogins {
  const waiting = new Map<string, { operator: Operator; expiresAtMs: number }>();

  return {
    issue(operator) {
      const [oldest] = waiting.keys();
      if (waiting.size >= CODES_MAX && oldest !== undefined) waiting.delete(oldest);
      const code = randomBytes(16).toString('base64url');
      waiting.set(code, { operator, expiresAtMs: clock.now() + LOGIN_CODE_LIFE_SECONDS * 1000 });
      return code;
    },

    redeem(code) {
      const entry = waiting.get(code);
      if (!entry) return null;
      waiting.delete(code);
      return clock.now() < entry.expiresAtMs ? entry.operator : null;
    },
  };
}
