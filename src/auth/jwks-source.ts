import { hash } from 'node:crypto';
import { type CryptoKey, createLocalJWKSet, errors, type LocalJWKSet } from 'jose';
import { fetchKeySet, type KeySetAddress } from './fetch-key-set.ts';
import type { FoundKeys, KeyHint, KeySource } from './key-source.ts';
import { unavailable } from './unavailable.ts';

/** Between two fetches, so that made-up key ids cannot make us flood the issuer. */
const COOLDOWN_MS = 30_000;
/** The same after a failure: short, to notice recovery, yet a dead issuer is not hammered. */
const FAILURE_COOLDOWN_MS = 2_000;
/** From this age keys are refreshed behind the back of those who use them. */
const MAX_AGE_MS = 600_000;
/** From this age, which only an idle gateway reaches, they wait: a key may have been withdrawn meanwhile. */
const IDLE_AGE_MS = 3_600_000;
/** Keys that could not be refreshed for so long are no longer believed. */
const STALE_AGE_MS = 24 * 3_600_000;
/** Keys tried for a token that does not say which one signed it. */
const CANDIDATES_MAX = 8;

interface HeldKeys {
  set: LocalJWKSet;
  /** Keys that were found before, by algorithm and id; never more than the set has keys times algorithms. */
  found: Map<string, CryptoKey[]>;
  fingerprint: string;
  fetchedAtMs: number;
  generation: number;
}

/**
 * The published keys of one issuer. Fetches are single flight with a deadline; an unknown key id causes at
 * most one per cooldown; a failed one leaves the old keys in use. Keys are held per issuer, so that equal key
 * ids of two issuers never meet.
 *
 * Built on jose's local key set, not its remote one: that one drops its keys when they are old and the issuer
 * is away, makes everyone wait for a refresh, and reads a clock of its own.
 */
export function createJwksSource(address: KeySetAddress): KeySource {
  let held: HeldKeys | null = null;
  let attemptedAtMs = Number.NEGATIVE_INFINITY;
  let failure: unknown = null;
  let pending: Promise<void> | null = null;

  async function load(nowMs: number): Promise<void> {
    attemptedAtMs = nowMs;
    try {
      const jwks = await fetchKeySet(address);
      const fingerprint = hash('sha256', JSON.stringify(jwks.keys));
      const generation = held === null ? 0 : held.generation + (held.fingerprint === fingerprint ? 0 : 1);
      const known = held?.fingerprint === fingerprint ? held : null;
      const set = known?.set ?? createLocalJWKSet(jwks);
      const found = known?.found ?? new Map<string, CryptoKey[]>();
      held = { set, found, fingerprint, fetchedAtMs: nowMs, generation };
      failure = null;
    } catch (error) {
      failure = error;
    } finally {
      pending = null;
    }
  }

  /** Joins the fetch under way, or starts one when the last is long enough ago; else resolves at once. */
  function renew(nowMs: number): Promise<void> {
    // The distance, not the difference: a clock that was set back must not silence us, nor may requests
    // whose clock readings overtook each other by a millisecond count as a long time.
    const sinceMs = Math.abs(nowMs - attemptedAtMs);
    if (pending === null && sinceMs >= (failure === null ? COOLDOWN_MS : FAILURE_COOLDOWN_MS)) {
      pending = load(nowMs);
    }
    return pending ?? Promise.resolve();
  }

  const ageMs = (nowMs: number) =>
    held === null ? Number.POSITIVE_INFINITY : Math.abs(nowMs - held.fetchedAtMs);

  async function provide(nowMs: number): Promise<HeldKeys> {
    const age = ageMs(nowMs);
    if (age >= MAX_AGE_MS) {
      const renewed = renew(nowMs);
      if (age >= STALE_AGE_MS || (age >= IDLE_AGE_MS && failure === null)) await renewed;
    }
    if (held === null || ageMs(nowMs) >= STALE_AGE_MS) throw keysUnavailable();
    return held;
  }

  function keysUnavailable() {
    return unavailable(`keys of issuer ${address.issuer}: ${String(failure)}`, failure);
  }

  return {
    get generation() {
      return held?.generation ?? 0;
    },
    renew,
    async find(header, nowMs) {
      const found = await findIn(await provide(nowMs), header, address.issuer);
      if (found.candidates.length > 0) return found;
      await renew(nowMs);
      const foundAnew = await findIn(await provide(nowMs), header, address.issuer);
      if (foundAnew.candidates.length === 0 && failure !== null) throw keysUnavailable();
      return foundAnew;
    },
  };
}

async function findIn(
  { set, found, generation }: HeldKeys,
  header: KeyHint,
  issuer: string,
): Promise<FoundKeys> {
  const name = `${header.alg} ${header.kid ?? ''}`;
  const known = found.get(name);
  if (known !== undefined) return { candidates: known, generation };
  const candidates: CryptoKey[] = [];
  try {
    candidates.push(await set({ ...header }));
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) {
      for await (const key of error) {
        if (candidates.push(key) === CANDIDATES_MAX) break;
      }
    } else if (!(error instanceof errors.JWKSNoMatchingKey)) {
      throw unavailable(`a key of issuer ${issuer} is unusable`, error);
    }
  }
  if (candidates.length > 0) found.set(name, candidates);
  return { candidates, generation };
}
