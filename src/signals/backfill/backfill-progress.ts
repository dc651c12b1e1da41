import type { Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';

/** How far the backfill of a month is. Instants are ISO-8601. */
export interface BackfillProgress {
  month: Month;
  service: ServiceName;
  /** `stopped`: it broke off and goes on where it was when it is ordered again. */
  state: 'running' | 'done' | 'stopped';
  startedAt: string;
  updatedAt: string;
  /** What it is busy with. */
  phase: 'users' | 'conversations' | 'done';
  /** Records read so far, and the calls that it took. */
  read: { calls: number; users: number; conversations: number; participants: number; messages: number };
  /**
   * Conversations that are there to be read, counted before the first of them is: about, since some come and go
   * meanwhile, and never fewer than were read. Not `complete`: so far. Null before they are counted.
   */
  there: { conversations: number; complete: boolean } | null;
  found: {
    /** Acts of the month that the records prove. */
    acts: number;
    /** Identities of these acts that the month knew already, by something else than a backfill. */
    known: number;
    /** Identities that the month did not know: they are in it now. */
    added: number;
    /** Identities of whom only an earlier backfill told. */
    addedBefore: number;
    /** Authors who cannot be people, and are not counted. */
    apart: number;
  };
  /** Why it stopped, and what to do; null unless it did. */
  trouble: { says: string; nextStep: string } | null;
  /** What no list shows, so that no backfill can find it. */
  unseen: readonly string[];
}

/** Where a backfill is, as it is kept beside the month. */
export interface BackfillRecord
  extends Omit<BackfillProgress, 'unseen' | 'month' | 'service' | 'there' | 'found'> {
  /** An older version did not count all of it. */
  found: Omit<BackfillProgress['found'], 'addedBefore'> & { addedBefore?: number };
  /** The process that works on it. */
  owner: string;
  /** Until when others leave it alone, ms since the epoch. */
  leasedUntil: number;
  /** The page to read, null for the first one. */
  next: string | null;
  /** Conversations of that page that are done. */
  donePage: string[];
  /**
   * Conversations counted, and the page to go on counting from: null once all are. Absent before the first page, and in
   * records that an older version began.
   */
  counting?: { conversations: number; next: string | null };
}

/** Twilio's lists hold what is now, not what was. */
const UNSEEN: readonly string[] = [
  'people who only connected, unless Twilio met them first then: no list shows a connection',
  'people who left or were removed from a conversation, unless they wrote in it',
  'conversations that were deleted, and everybody who was only in them',
  'earlier reading and earlier user updates: Twilio keeps only the last time',
];

export function showProgress(service: ServiceName, month: Month, record: BackfillRecord): BackfillProgress {
  const { owner: _owner, leasedUntil: _leasedUntil, next: _next, donePage: _donePage, ...rest } = record;
  const { counting, ...shown } = rest;
  const found = { addedBefore: 0, ...record.found };
  const there = showThere(counting, record.read.conversations);
  return { month, service, ...shown, found, there, unseen: UNSEEN };
}

function showThere(counting: BackfillRecord['counting'], read: number): BackfillProgress['there'] {
  if (counting === undefined) return null;
  const { conversations, next } = counting;
  return { conversations: Math.max(conversations, read), complete: next === null };
}

export function beginRecord(owner: string, nowMs: number): BackfillRecord {
  const now = new Date(nowMs).toISOString();
  return {
    owner,
    leasedUntil: nowMs,
    state: 'running',
    startedAt: now,
    updatedAt: now,
    phase: 'users',
    next: null,
    donePage: [],
    read: { calls: 0, users: 0, conversations: 0, participants: 0, messages: 0 },
    found: { acts: 0, known: 0, added: 0, addedBefore: 0, apart: 0 },
    trouble: null,
  };
}
