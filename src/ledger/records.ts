import type { Identity } from '../domain/identity.ts';
import type { EvidenceSource, Signal } from '../domain/signal.ts';

/** An identity in a month. */
export interface IdentityRecord {
  identity: Identity;
  className: string;
  tenant: string | null;
  /** Whole seconds since the epoch, within the month. */
  firstSeen: number;
  lastSeen: number;
  mints: number;
  mask: number;
  /** For each set signal its first minute (seconds since the epoch, whole minutes) and who told. */
  signals: { signal: Signal; firstAt: number; source: EvidenceSource }[];
}

export interface MintRecord {
  ordinal: number;
  /** Whole seconds since the epoch. */
  issuedAt: number;
  expiresAt: number;
  identity: Identity;
  /** The person's own identity; differs from `identity` after a link. */
  subject: Identity;
  className: string;
  intent: string;
  outcome: 'new' | 'known';
  rule: string;
}
