import { LedgerUnavailable } from '../../domain/ledger-unavailable.ts';
import { formatEntry } from './format-entry.ts';
import type { JournalEntry, MintEntry } from './ports.ts';

export interface Sifting {
  tell(entry: JournalEntry): Promise<void>;
  setAside(entry: JournalEntry): Promise<void>;
  /** How often each entry was not taken while others were; kept from one attempt to the next. */
  suspects: Map<string, number>;
}

export interface Sifted {
  /** Whether the ledger has taken any entry. */
  isTaking: boolean;
  /** Why not everything was taken or set aside, if so. */
  left: { failure: unknown } | null;
}

/** An entry may fail for a moment, such as while a slot of a Cluster moves. */
const CHANCES = 4;

/**
 * Tells the entries of a service one by one, to find those because of which all of them failed together, and sets these aside
 * after some attempts. An attempt counts only when the ledger has taken something meanwhile: one that takes nothing at all is
 * in trouble itself, and nothing is set aside for it.
 *
 * @throws LedgerUnavailable when the ledger is away
 */
export async function siftEntries(entries: readonly JournalEntry[], sifting: Sifting): Promise<Sifted> {
  const { tell, suspects } = sifting;
  const sifted: Sifted = { isTaking: false, left: null };
  const failed: string[] = [];

  /** False: it stays for the next attempt. */
  async function isDone(entry: JournalEntry): Promise<boolean> {
    try {
      await tell(entry);
      sifted.isTaking = true;
      return true;
    } catch (failure) {
      if (failure instanceof LedgerUnavailable) throw failure;
      const text = formatEntry(entry);
      if ((suspects.get(text) ?? 0) >= CHANCES) {
        await sifting.setAside(entry);
        return true;
      }
      failed.push(text);
      sifted.left = { failure };
      return false;
    }
  }

  let stuck: MintEntry | null = null;
  for (const entry of entries) {
    // A mint waits for those before it: the ledger takes those of a journal in their order only.
    if (entry.kind !== 'mint' || (await isDone(entry))) continue;
    stuck = entry;
    break;
  }
  for (const entry of entries) if (entry.kind === 'evidence') await isDone(entry);
  if (!sifted.isTaking && stuck !== null) sifted.isTaking = await takesWrites(stuck, tell);
  if (sifted.isTaking) for (const text of failed) suspects.set(text, (suspects.get(text) ?? 0) + 1);
  return sifted;
}

/**
 * Whether the ledger takes a mint of which it thinks that it was told before, where no other entry can show that it takes
 * anything. All it writes is how far the journal was told, as it was.
 */
async function takesWrites(entry: MintEntry, tell: Sifting['tell']): Promise<boolean> {
  const { journal } = entry.mint;
  if (journal === null) return false;
  try {
    await tell({ ...entry, mint: { ...entry.mint, journal: { ...journal, number: 0 } } });
    return true;
  } catch (failure) {
    if (failure instanceof LedgerUnavailable) throw failure;
    return false;
  }
}
