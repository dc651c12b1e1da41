import type { ServiceName } from '../domain/service-name.ts';
import type { LedgerSteering } from '../ledger/steering.ts';
import type { WriteTerms, Written } from './operator-write.ts';
import { writePlain } from './plain-write.ts';
import type { SteeringRefusal } from './refusals.ts';

/** What an operator does that changes nothing in the ledger, and is written down all the same. */
const NOTED_ACTIONS = [
  'identities.name',
  'identities.reveal',
  'sessions.end',
  'alerts.test',
  'reconciliation.pull',
] as const;

export interface Note {
  action: (typeof NOTED_ACTIONS)[number];
  /** What it was done to; never a subject, an identity or a secret. */
  target: string;
  /** Details, such as how many; goes into the entry as it stands. */
  after: unknown;
}

/** The audit log for acts whose effect lies outside of the ledger. */
export interface NoteDesk {
  /** Writes the entry; resolves when it is kept. To be called before the act. */
  note(service: ServiceName, note: Note, terms: WriteTerms): Promise<Written | SteeringRefusal>;
}

export function createNoteDesk({ ledger }: { ledger: LedgerSteering }): NoteDesk {
  return {
    note: (service, { action, target, after }, terms) =>
      writePlain(ledger, service, terms, async () => ({
        ...{ change: { kind: 'note' }, action, target, before: null, after },
        written: { status: 200, body: {} },
      })),
  };
}
