import type { Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { MonthDocuments } from '../../ledger/month-documents.ts';
import { type BackfillRecord, beginRecord } from './backfill-progress.ts';

/** Another process goes on with the same backfill. */
export class TakenOver extends Error {
  override readonly name = 'TakenOver';
}

/** A record that this process works on. */
export interface TakenRecord {
  record: BackfillRecord;
  /** @throws TakenOver when another process has it now; @throws GatewayError `ledger-unavailable` */
  save(): Promise<void>;
  /** Saves when the lease is half over. */
  renew(): Promise<void>;
}

/** Records of backfills, one for each month of a service, held by one process at a time. */
export interface BackfillBook {
  read(service: ServiceName, month: Month): Promise<BackfillRecord | null>;
  /** Goes on with a record that broke off, or begins anew. Null when another process was faster. */
  take(service: ServiceName, month: Month, kept: BackfillRecord | null): Promise<TakenRecord | null>;
}

const NAME = 'backfill';
/** Far above one call with all its repetitions. */
const LEASE_MS = 120_000;

export function createBackfillBook(ledger: MonthDocuments, owner: string, now: () => number): BackfillBook {
  async function readText(service: ServiceName, month: Month): Promise<string | null> {
    const documents = await ledger.documents(service, month, NAME);
    return documents.find(({ name }) => name === NAME)?.text ?? null;
  }

  return {
    async read(service, month) {
      const text = await readText(service, month);
      return text === null ? null : (JSON.parse(text) as BackfillRecord);
    },

    async take(service, month, kept) {
      // Held against what was read: whoever is faster has it.
      let standing = kept === null ? null : JSON.stringify(kept);
      const record =
        kept === null || kept.state === 'done'
          ? beginRecord(owner, now())
          : { ...kept, state: 'running' as const };
      record.owner = owner;
      record.trouble = null;

      async function write(): Promise<boolean> {
        const nowMs = now();
        record.updatedAt = new Date(nowMs).toISOString();
        record.leasedUntil = record.state === 'running' ? nowMs + LEASE_MS : nowMs;
        const text = JSON.stringify(record);
        if (!(await ledger.keepDocument(service, month, { name: NAME, text }, standing))) return false;
        standing = text;
        return true;
      }

      async function save(): Promise<void> {
        if (!(await write())) throw new TakenOver();
      }

      if (!(await write())) return null;
      return {
        record,
        save,
        renew: async () => {
          if (record.leasedUntil - now() < LEASE_MS / 2) await save();
        },
      };
    },
  };
}
