import { LRUCache } from 'lru-cache';

/** Remembers what was written, so that the same need not be written again. */
export interface BeaconMemory {
  /**
   * Writes under a key unless that was done before. Calls that meet while a write is under way share it, and its
   * failure, after which the next call writes again.
   */
  once(key: string, write: () => Promise<void>): Promise<'recorded' | 'repeated'>;
  /** What was written may have been lost. */
  forget(): void;
}

/**
 * Held in this process: another gateway, or this one after it forgot, writes once more, which the ledger takes as the
 * repeat that it is. After any failure all is forgotten: a ledger that was away may have come back with less than it had.
 *
 * @param entriesMax the longest unused are forgotten beyond this
 */
export function createBeaconMemory(entriesMax: number): BeaconMemory {
  const entries = new LRUCache<string, Promise<void> | 'written'>({ max: entriesMax });
  return {
    async once(key, write) {
      const known = entries.get(key);
      if (known !== undefined) {
        await known;
        return 'repeated';
      }
      const writing = write();
      entries.set(key, writing);
      try {
        await writing;
      } catch (error) {
        entries.clear();
        throw error;
      }
      entries.set(key, 'written');
      return 'recorded';
    },
    forget: () => entries.clear(),
  };
}
