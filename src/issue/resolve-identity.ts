import { createHmac, createSecretKey } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../domain/caller.ts';
import { isGuestId } from '../domain/guest.ts';
import { findIdentityFault, type Identity } from '../domain/identity.ts';
import { type Refusal, refused } from '../domain/refusal.ts';

/** A caller as the product knows them. */
export interface Person {
  outcome: 'resolved';
  /** The person's own identity, before links; for `pool` one of those that the class shares. */
  identity: Identity;
  kind: 'own' | 'pool';
  /** Stands for the person in logs: stable, and useless without the identity secret. */
  logReference: string;
  /** Spreads people over a minute; 0 to 65535. */
  spread: number;
}

export interface IdentityOptions {
  /** `opaque`: derived by a keyed hash. `claim`: the subject is the identity already. */
  strategy: 'opaque' | 'claim';
  /** At least 32 bytes. Identities derive from it for good. */
  secret: string;
  /** Lower-case subjects first, for issuers whose subjects are case-insensitive. */
  foldCase: boolean;
  /** First part of opaque identities by class name. */
  prefixes: Readonly<Record<string, string>>;
  /** Classes whose callers share that many fixed identities, by class name; at least 1 each. */
  pools?: Readonly<Record<string, number>>;
  /** Callers whose identity is remembered, at least 1; as many as there are remembered logins. */
  rememberedMax: number;
}

/** 22 base64url characters hold 132 bits: no two people meet. */
const OPAQUE_CHARACTERS = 22;

/**
 * Turns a verified caller into their one identity, the same on every device, gateway and day. With `opaque`
 * it follows from issuer and subject alone, so it survives the loss of the whole ledger. Callers of a pool class,
 * tests and CI, are spread over its fixed identities by the same hash, so that they never add to the month.
 *
 * The answer is remembered per caller object; a cached login costs no hash.
 */
export function createIdentityResolver(options: IdentityOptions): (caller: Caller) => Person | Refusal {
  const key = createSecretKey(Buffer.from(options.secret, 'utf8'));
  // Not a WeakMap: with tens of thousands of callers its collection took a fifth of the mint path's CPU.
  const resolved = new LRUCache<Caller, Person | Refusal>({ max: options.rememberedMax });

  const pools = new Map(Object.entries(options.pools ?? {}));
  const pooled = new Set(
    [...pools].flatMap(([className, size]) =>
      Array.from({ length: size }, (_, place) => poolIdentity(options.prefixes[className], place)),
    ),
  );

  function resolve(caller: Caller): Person | Refusal {
    const subject = normaliseSubject(caller.subject, options.foldCase);
    // The length keeps issuer and subject apart: no pair of them can spell another pair.
    const digest = createHmac('sha256', key)
      .update(`${caller.issuer.length}:${caller.issuer}${subject}`)
      .digest();
    const poolSize = pools.get(caller.className);
    const text =
      poolSize !== undefined
        ? poolIdentity(options.prefixes[caller.className], digest.readUInt32BE(16) % poolSize)
        : options.strategy === 'claim'
          ? subject
          : `${options.prefixes[caller.className] ?? ''}${digest.toString('base64url').slice(0, OPAQUE_CHARACTERS)}`;
    // With `claim` a subject could spell one of those that others share, or a guest's.
    const shared = poolSize === undefined && pooled.has(text);
    const taken = shared ? 'shared by a pool' : caller.via !== 'guest' && isGuestId(text) ? 'a guest' : null;
    const fault = taken ?? findIdentityFault(text);
    if (fault !== null) {
      return refused('unauthenticated', {
        detail: `The login names a person that cannot be a chat identity (${fault}).`,
        reason: 'identity',
      });
    }
    return {
      outcome: 'resolved',
      identity: text as Identity,
      kind: poolSize === undefined ? 'own' : 'pool',
      logReference: digest.toString('hex', 20, 26),
      spread: digest.readUInt16BE(26),
    };
  }

  return (caller) => {
    const known = resolved.get(caller);
    if (known !== undefined) return known;
    const person = resolve(caller);
    resolved.set(caller, person);
    return person;
  };
}

/** Of a pool of three: `t_pool_0`, `t_pool_1`, `t_pool_2`. Too short to be anybody's opaque identity. */
function poolIdentity(prefix: string | undefined, place: number): string {
  return `${prefix ?? ''}pool_${place}`;
}

/** One spelling per person: Unicode NFKC, no space around, lower case where the issuer does not tell cases apart. */
export function normaliseSubject(subject: string, foldCase: boolean): string {
  const normal = subject.normalize('NFKC').trim();
  // Lower case can bring together what composes only then, such as Greek letters with an iota below.
  return foldCase ? normal.toLowerCase().normalize('NFKC') : normal;
}
