import type { CryptoKey } from 'jose';

/** A key set's version. Whatever was verified under another generation must be verified anew. */
export interface KeyGeneration {
  /** Rises whenever the set of keys changes. */
  readonly generation: number;
}

/** The keys that one issuer signs with. */
export interface KeySource extends KeyGeneration {
  /**
   * The keys that may have made a signature; none when the issuer is known to have no such key.
   *
   * @throws GatewayError `identity-provider-unavailable` when no such key is known and the issuer cannot be asked
   */
  find(header: KeyHint, nowMs: number): Promise<FoundKeys>;
  /** Looks for changed keys, unless that was done a moment ago. Never fails: the old keys simply stay. */
  renew(nowMs: number): Promise<void>;
}

/** What a token's header says about its key; nothing else of the header is ever used to find one. */
export interface KeyHint {
  alg: string;
  kid?: string;
}

export interface FoundKeys {
  candidates: CryptoKey[];
  generation: number;
}
