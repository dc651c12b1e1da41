import { LedgerUnavailable } from '../../../domain/ledger-unavailable.ts';
import type { Month } from '../../../domain/month.ts';
import type { ServiceName } from '../../../domain/service-name.ts';
import type { Budget } from '../../budget.ts';
import type { KnownPeople } from '../../outage/known-people.ts';
import type { AdmissionWatch } from '../admission/admission-watch.ts';
import type { EnterEpoch } from '../names/names.ts';
import type { PageSource } from '../pages.ts';
import type { LedgerClient } from '../scripts.ts';
import { ConfiguredBudgets } from './configured-budgets.ts';
import { Copies, type CopiesParts } from './copies.ts';
import { followConnection } from './follow-connection.ts';
import { type LostDataEvent, WATCH_TIMES, type WatchTimes } from './ports.ts';
import { LostDataWatch } from './watch.ts';

export interface WatchOptions {
  /** Of whom a store that lost data is told; default nobody. */
  known?: KnownPeople | null;
  /** Called when a store is found to have lost data, and when it was told again. */
  onLostData?: (event: LostDataEvent) => void;
  /** Default {@link WATCH_TIMES}. */
  watchTimes?: WatchTimes;
}

/** What the ledger's methods need of the watch over lost data. */
export interface Watch {
  admissions: AdmissionWatch;
  enter: EnterEpoch;
  /** Tells the store a configured budget, now and whenever it has lost its data. */
  configure(service: ServiceName, month: Month, budget: Budget | null): Promise<void>;
  /** Makes an operator's change, unless it could be lost, and takes note of what it changed. */
  changing<Outcome>(service: ServiceName, change: () => Promise<Outcome>): Promise<Outcome>;
  /** A call of the mint path failed. */
  failed(service: ServiceName): void;
  close(): void;
  /** Tells the other gateways, once nobody is admitted any more, that this one has ended. */
  leave(): Promise<void>;
}

export function openWatch(
  client: LedgerClient,
  sourceOf: (service: ServiceName) => PageSource,
  evidence: Pick<CopiesParts, 'recent' | 'writeEvidence'>,
  { known = null, onLostData, watchTimes: times = WATCH_TIMES }: WatchOptions,
): Watch {
  const budgets = new ConfiguredBudgets(sourceOf);
  const watch = new LostDataWatch({
    sourceOf,
    times,
    copies: new Copies({ known, ...evidence }),
    report: (event) => onLostData?.(event),
    configure: (service) => budgets.tell(service),
  });
  const following = followConnection(client, watch, times);
  return {
    admissions: watch,
    enter: (service, epoch) => watch.enter(service, epoch),
    configure(service, month, budget) {
      budgets.set(service, month, budget);
      watch.watch(service);
      return budgets.tell(service);
    },
    async changing(service, change) {
      // What is written to a store that has just lost its data is written over when that is put back.
      await watch.lookAt(service);
      if (watch.isRestoring(service)) {
        throw new LedgerUnavailable('changes-wait', 'changes wait: the ledger has lost data');
      }
      const outcome = await change();
      // A failed look changes nothing about the change; the next one is a second away.
      await watch.lookAt(service).catch(() => {});
      return outcome;
    },
    failed: (service) => watch.failed(service),
    close() {
      following.stop();
      watch.close();
    },
    leave: () => watch.leave(),
  };
}
