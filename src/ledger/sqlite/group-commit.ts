import { toLedgerError } from './to-ledger-error.ts';

/** How a transaction begins and ends. */
export interface TransactionEdges {
  begin(): void;
  commit(): void;
  rollback(): void;
}

/**
 * More steps than this wait for the next turn of the event loop, so that a burst does not keep reads and
 * sockets waiting; a larger transaction is hardly cheaper by the step.
 */
const STEPS_MAX = 256;

interface QueuedStep {
  /** Does the step and answers what resolves its promise; called inside the transaction. */
  run(): () => void;
  reject(error: unknown): void;
}

/** A store that is out of order fails every step: then all are rejected soon. */
const REPEATS_MAX = 3;

/** What the steps came to, or at which one it ended. */
type Outcome = { answers: (() => void)[] } | { culprit: QueuedStep; error: unknown };

/**
 * Gathers the steps of one event-loop tick into one transaction, in the order of the calls. A promise resolves
 * only after the commit; when the transaction fails all its steps reject and none of them happened. A step that throws
 * rejects alone: the others are done once more without it, so a step must be able to run twice.
 */
export class GroupCommit {
  readonly #edges: TransactionEdges;
  #queue: QueuedStep[] = [];
  #scheduled = false;

  constructor(edges: TransactionEdges) {
    this.#edges = edges;
  }

  submit<Answer>(step: () => Answer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const run = () => {
        const answer = step();
        return () => resolve(answer);
      };
      this.#queue.push({ run, reject });
      this.#schedule();
    });
  }

  /** Commits everything that waits, now. */
  drain(): void {
    while (this.#queue.length > 0) this.#commitNext();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#commitNext();
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  #commitNext(): void {
    let steps = this.#queue.splice(0, STEPS_MAX);
    for (let repeats = 0; steps.length > 0; repeats++) {
      try {
        const outcome = this.#transact(steps);
        if ('answers' in outcome) {
          for (const answer of outcome.answers) answer();
          return;
        }
        const { culprit, error } = outcome;
        if (repeats === REPEATS_MAX) throw error;
        culprit.reject(toLedgerError(error));
        steps = steps.filter((step) => step !== culprit);
      } catch (error) {
        const ledgerError = toLedgerError(error);
        for (const step of steps) step.reject(ledgerError);
        return;
      }
    }
  }

  #transact(steps: readonly QueuedStep[]): Outcome {
    this.#edges.begin();
    const answers: (() => void)[] = [];
    for (const step of steps) {
      try {
        answers.push(step.run());
      } catch (error) {
        this.#edges.rollback();
        return { culprit: step, error };
      }
    }
    try {
      this.#edges.commit();
      return { answers };
    } catch (error) {
      this.#edges.rollback();
      throw error;
    }
  }
}
