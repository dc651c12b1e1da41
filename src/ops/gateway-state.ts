/** What this process knows of itself and of its stores, beside the ledger's figures. */
export interface GatewayState {
  version: string;
  /** Of Node.js, such as `v20.20.2`. */
  node: string;
  /** ms since the epoch. */
  startedAtMs: number;
  /** What holds the ledger, in a word. */
  store: 'Redis' | 'SQLite';
  /** Where the ledger is, in words, such as `Redis Cluster`. */
  ledger: string;
  /** Size of the local journal; null: there is none. */
  journalBytes: number | null;
  /** When evidence came to this process last, ms since the epoch; null: not since it started. */
  seen: { webhook: number | null; beacon: number | null };
  /** By service. */
  keys: Readonly<Record<string, SigningKeys>>;
}

/** Ids of the Twilio API keys of a service; no secrets. */
export interface SigningKeys {
  /** Signs. */
  current: string;
  /** Is being rotated out: tokens that it signed are still taken with beacons. */
  previous: string | null;
}

/** What the servers of the ledger use together. */
export interface StoreMemory {
  usedBytes: number;
  /** Null: there is no limit. */
  bytesMax: number | null;
  servers: number;
}

export interface GatewayStateSource {
  read(): GatewayState;
  /** Null where it cannot be had cheaply. */
  readMemory(): Promise<StoreMemory | null>;
}
