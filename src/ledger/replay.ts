import type { Identity } from '../domain/identity.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';

/** A mint whose token is out and that the ledger may not have. */
export interface ReplayedMint {
  /** As it stands in the token: links are not followed any more. */
  identity: Identity;
  /** The person's own identity, before links. */
  own: Identity;
  /** Class and tenant for a person whom the month does not know. */
  className: string;
  tenant: string | null;
  intent: string;
  rule: string;
  /** When the person was first seen in the month of `issuedAt`, as far as is known; not after that. Seconds. */
  firstSeen: number;
  /** Of the token; whole seconds since the epoch. */
  issuedAt: number;
  expiresAt: number;
  /** A second month that the token touches; its holder is in that one, too. */
  otherMonth: Month | null;
  /**
   * Where it stands in the journal of a process: `number` rises with every record of one `id` and never repeats.
   * Null: nobody wrote it down when it was given out; it is what a process remembers of somebody's last mint.
   */
  journal: { id: string; number: number } | null;
}

export interface ReplayLedger {
  /**
   * Writes down mints that were given out already, and so are never refused: whoever is in the month gets the mint added
   * to their record, whoever is not is counted as new, above any limit if need be, with class, tenant, day, thresholds
   * and all; each mint is logged. Whoever was erased since is counted under their pseudonym. The last token that a
   * record may hand out again stays what it was.
   *
   * A mint that the ledger has counted after all, because only its answer was lost, is not logged again: it is known by
   * the last token of the record.
   *
   * Safe to repeat. From a journal: the ledger keeps for each month the highest number of each journal, so the mints of
   * one journal have to come in their order. Without a journal: somebody whose record is as late as `issuedAt` is left
   * alone, so that telling what a ledger still has changes nothing.
   *
   * Any number may be told at once; the ledger takes at most 64 in one step, and a failure may leave some of them written.
   */
  replay(service: ServiceName, mints: readonly ReplayedMint[]): Promise<void>;
}
