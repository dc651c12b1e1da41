import type { Signal } from './signal.ts';

/** What one source says about what makes a user active, as it was read at the time. */
export interface CountingStatement {
  /** What it speaks of; `unit`: not of an act, but of what is billed, a user or something else. */
  signal: Signal | 'unit';
  /** `agreed`: every source that speaks of it says that it counts. `disputed`: sources contradict or are silent. */
  verdict: 'agreed' | 'disputed';
  /** In one sentence. */
  says: string;
  /** Where: an `https` address, or the title of a page whose address is not known. */
  source: string;
  /** The month in which it was read, `YYYY-MM`. */
  readOn: string;
}

/**
 * A dated reading of the sources, as data. A set that was used once is never edited: a new version keeps old figures
 * explainable, and any version can be applied to any month, since the ledger keeps signals and not verdicts.
 */
export interface CountingRules {
  /** Named in every month summary. */
  version: string;
  /** Whose reading it is, in a few words. */
  title: string;
  /** What is billed. `conversations`: each with a message in the month; `low` and `high` are empty then. */
  unit: 'identities' | 'conversations';
  /** Signals of which any one makes an identity active in the cheapest reading; all of them are in `high` too. */
  low: readonly Signal[];
  /** Signals of which any one makes an identity active in the most expensive reading. */
  high: readonly Signal[];
  statements: readonly CountingStatement[];
}
