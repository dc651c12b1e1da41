import type { Identity } from '../domain/identity.ts';
import type { Limiter } from '../domain/limiter.ts';
import { monthOf } from '../domain/month.ts';
import { type Refusal, refused } from '../domain/refusal.ts';
import type { BeaconMemory } from './beacon-memory.ts';
import type { BeaconCounter, BeaconState, BeaconTally, BeaconTokens, RecordEvidence } from './ports.ts';
import { AHEAD_MS_MAX } from './webhook/event-time.ts';
import { keepIdentity } from './webhook/kept-identity.ts';

/** What a browser tells of its own connection. */
export interface Beacon {
  /** The Twilio token that the connection was made with: proof of who tells, and for which service. */
  token: string;
  state: BeaconState;
  /** When it happened, ms since the epoch; null: now. */
  atMs: number | null;
  /** Clock reading of the request, ms since the epoch. */
  nowMs: number;
}

/**
 * Takes a beacon; null when there is nothing to object to. Safe to repeat: a repeated beacon changes nothing and
 * costs no write.
 *
 * `connected` and `disconnected` both prove that the identity was connected; `failed` proves nothing and is only
 * counted. An instant that is further ahead than clocks differ is taken for now, and one outside of the token's life is moved
 * to the nearer end of it, so that nobody can date an act into a month that the token was not counted in.
 *
 * @returns `unauthenticated` or `rate-limited`
 * @throws GatewayError `ledger-unavailable` when the evidence could be kept nowhere; the beacon may be sent again
 */
export type RecordBeacon = (beacon: Beacon) => Promise<Refusal | null>;

export interface RecordBeaconParts {
  tokens: BeaconTokens;
  /** Beacons of one identity, whatever they tell. */
  limiter: Limiter;
  memory: BeaconMemory;
  recordEvidence: RecordEvidence;
  /** Class for an identity that the month does not know yet. */
  classOf(identity: Identity): string;
  /** Of all beacons, whatever became of them. */
  count: BeaconCounter;
  /** Of those that were written. */
  tally: BeaconTally;
}

export function createRecordBeacon(parts: RecordBeaconParts): RecordBeacon {
  const { tokens, limiter, memory, recordEvidence, classOf, count, tally } = parts;
  return async ({ token, state, atMs, nowMs }) => {
    const verified = await tokens.verify(token, nowMs);
    if (verified.outcome === 'refused') {
      const expired = verified.code === 'unauthenticated' && verified.reason === 'expired';
      count(state, expired ? 'expired' : 'unauthenticated');
      return verified;
    }
    const { service, issuedAt, expiresAt } = verified;
    const identity = keepIdentity(verified.name);
    if (identity === null) throw new Error('a token was verified of a name that cannot be kept');

    const { allowed, ...verdict } = await limiter.take(`${service}/${identity}`);
    if (!allowed) {
      count(state, 'rate-limited');
      return refused('rate-limited', {
        detail: 'Too many beacons of one person.',
        policy: 'beacons',
        ...verdict,
      });
    }
    if (state === 'failed') {
      count(state, 'noted');
      return null;
    }

    const told = atMs === null || atMs > nowMs + AHEAD_MS_MAX ? nowMs : atMs;
    const at = Math.min(Math.max(told, issuedAt * 1000), expiresAt * 1000);
    const write = async () => {
      await recordEvidence(service, [
        { identity, signal: 'connected', at, source: 'beacon', className: classOf(identity) },
      ]);
      tally(service, at);
    };
    try {
      count(state, await memory.once(`${service}/${monthOf(at)}/${state}/${identity}`, write));
    } catch (error) {
      count(state, 'unavailable');
      throw error;
    }
    return null;
  };
}
