import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { NoteDesk } from '../steering/note-desk.ts';
import type { WriteTerms } from '../steering/operator-write.ts';
import { type SteeringRefusal, steeringRefusals } from '../steering/refusals.ts';
import type { PulledReconciliation, PullOptions, Reconciler } from './reconciler.ts';

/** Pulls that an operator asks for. */
export interface PullDesk {
  /**
   * Pulls Twilio's record anew, after it was written down who asked for it. Sent again under the same key it is pulled
   * again, since that only reads there, and written down once. People are not compared in a month whose own are in the
   * archive: that is refused with `conflict`.
   *
   * @throws TwilioUnavailable as {@link Reconciler.pull} does
   */
  pull(
    service: ServiceName,
    month: Month,
    options: PullOptions,
    terms: WriteTerms,
  ): Promise<PulledReconciliation | SteeringRefusal>;
}

export interface PullDeskParts {
  reconciler: Pick<Reconciler, 'pull'>;
  notes: NoteDesk;
  /** Whether people of the month have left the ledger, so that it cannot say who was there. */
  hasLostPeople(service: ServiceName, month: Month): Promise<boolean>;
}

export function createPullDesk({ reconciler, notes, hasLostPeople }: PullDeskParts): PullDesk {
  return {
    async pull(service, month, options, terms) {
      if (options.people && (await hasLostPeople(service, month))) {
        return steeringRefusals.archived(month, ', or compare its figures alone');
      }
      const note = {
        action: 'reconciliation.pull' as const,
        target: `Twilio's record of ${month}`,
        after: { people: options.people },
      };
      const written = await notes.note(service, note, terms);
      return 'outcome' in written ? written : reconciler.pull(service, month, options);
    },
  };
}
