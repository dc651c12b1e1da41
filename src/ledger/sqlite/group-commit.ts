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

/**
 * Gathers the steps of one event-loop tick into one transaction, in the order of the calls. A promise resolves
 * only after the commit; when the transaction fails all its steps reject and none of them happened.
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
    const steps = this.#queue.splice(0, STEPS_MAX);
    if (steps.length === 0) return;
    try {
      const answers = this.#transact(steps);
      for (const answer of answers) answer();
    } catch (error) {
      const ledgerError = toLedgerError(error);
      for (const step of steps) step.reject(ledgerError);
    }
  }

  #transact(steps: readonly QueuedStep[]): (() => void)[] {
    this.#edges.begin();
    try {
      const answers = steps.map((step) => step.run());
      this.#edges.commit();
      return answers;
    } catch (error) {
      this.#edges.rollback();
      throw error;
    }
  }
}
