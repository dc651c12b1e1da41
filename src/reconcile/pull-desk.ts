import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { NoteDesk } from '../steering/note-desk.ts';
import type { WriteTerms } from '../steering/operator-write.ts';
import type { SteeringRefusal } from '../steering/refusals.ts';
import type { PulledReconciliation, PullOptions, Reconciler } from './reconciler.ts';

/** Pulls that an operator asks for. */
export interface PullDesk {
  /**
   * Pulls Twilio's record anew, after it was written down who asked for it. Sent again under the same key it is pulled
   * again, since that only reads there, and written down once.
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
}

export function createPullDesk({ reconciler, notes }: PullDeskParts): PullDesk {
  return {
    async pull(service, month, options, terms) {
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
