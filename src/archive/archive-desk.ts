import type { Month } from '../domain/month.ts';
import { monthOf } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readClosedMonth } from '../reconcile/closed-month.ts';
import { makeWrite, recallWrite, type WriteTerms, type Written } from '../steering/operator-write.ts';
import { type SteeringRefusal, steeringRefusals } from '../steering/refusals.ts';
import { type ArchiveSources, viewMonth } from './archive-view.ts';
import { mayLeave } from './due-months.ts';
import type { ArchiveKeeper, ArchiveOrder } from './keeper.ts';

/** Ordering work on the archive. */
export interface ArchiveDesk {
  /**
   * Writes the order to the audit log, then begins: what is answered 202, with how the month stands, is under way. Refused
   * with `conflict` for months that are not over or not closed, whose rows may not leave, or while other work is under way.
   */
  order(
    service: ServiceName,
    kind: ArchiveOrder['kind'],
    month: Month,
    terms: WriteTerms,
  ): Promise<Written | SteeringRefusal>;
}

export interface ArchiveDeskParts extends ArchiveSources {
  ledger: Ledger;
  /** Null: there is no archive. */
  keeper: ArchiveKeeper | null;
}

export function createArchiveDesk(parts: ArchiveDeskParts): ArchiveDesk {
  const { ledger, book, keeper } = parts;

  async function findHindrance(
    service: ServiceName,
    kind: ArchiveOrder['kind'],
    month: Month,
    nowMs: number,
  ): Promise<string | null> {
    if (keeper === null) return 'This gateway has no archive; retention.archive names its folder.';
    if (month >= monthOf(nowMs)) return `${month} is not over yet (UTC).`;
    if (kind === 'trim' && !mayLeave(month, nowMs)) {
      return 'Rows of the running month and of the one before it never leave the ledger.';
    }
    // A ledger that lost everything learns of the archive from its folder.
    if (kind === 'restore') return null;
    const closed = await readClosedMonth(ledger, service, month);
    return closed === null
      ? `${month} is not closed; only figures that do not move any more are archived.`
      : null;
  }

  return {
    async order(service, kind, month, terms) {
      const recalled = await recallWrite(ledger, service, terms);
      if (recalled !== null && 'outcome' in recalled) return recalled;
      const hindrance = await findHindrance(service, kind, month, terms.nowMs);
      if (recalled !== null && hindrance !== null) return view(service, month);
      if (hindrance !== null || keeper === null) return steeringRefusals.conflict(hindrance ?? '');
      const order: ArchiveOrder =
        kind === 'trim' ? { kind, month, rows: { mints: true, people: true } } : { kind, month };
      // First, so that no order is kept that is not begun.
      const turn = await keeper.take(service, order);
      if (turn === null) return answerBusy(service, order, recalled !== null);
      if (recalled === null) {
        const refusal = await keep(service, order, terms).catch(async (failure: unknown) => {
          await turn.leave();
          throw failure;
        });
        if (refusal !== null) {
          await turn.leave();
          return refusal;
        }
      }
      await begin(turn.work());
      return view(service, month);
    },
  };

  /** The order in the audit log; answers why it is not there. */
  async function keep(
    service: ServiceName,
    { kind, month }: ArchiveOrder,
    terms: WriteTerms,
  ): Promise<SteeringRefusal | null> {
    const written = await makeWrite(ledger, service, planOrder(kind, month), terms);
    return 'outcome' in written ? written : null;
  }

  /** The schedule's own work has no name: it is soon over. */
  async function answerBusy(
    service: ServiceName,
    { kind, month }: ArchiveOrder,
    isRepeated: boolean,
  ): Promise<Written | SteeringRefusal> {
    const work = await book.readWork(service);
    if (isRepeated && work?.kind === kind && work.month === month) return view(service, month);
    const what = work === null ? '' : ` (${work.kind}, ${work.month})`;
    return steeringRefusals.conflict(`The archive is at work${what}; ask again when it is done.`);
  }

  async function view(service: ServiceName, month: Month): Promise<Written> {
    return { status: 202, body: await viewMonth(parts, service, month) };
  }
}

/** Long enough for small months to be done, and for every month to be under way. */
const BEGIN_MS = 200;

/** How it ends stands in the month's view. */
async function begin(work: Promise<unknown>): Promise<void> {
  const ended = work.then(
    () => {},
    () => {},
  );
  await Promise.race([ended, new Promise<void>((resolve) => setTimeout(resolve, BEGIN_MS).unref())]);
}

function planOrder(kind: ArchiveOrder['kind'], month: Month) {
  return {
    change: { kind: 'note' as const },
    action: `month.${kind}`,
    target: month,
    before: null,
    after: null,
    written: { status: 202 as const, body: { month } },
  };
}
