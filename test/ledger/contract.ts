import { afterAll, beforeAll, describe } from '@jest/globals';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { describeAdmission } from './contract/admission.ts';
import { describeAdoption } from './contract/adoption.ts';
import { describeAnyOrder } from './contract/any-order.ts';
import { describeBeacons } from './contract/beacons.ts';
import { describeBlocksAndLinks } from './contract/blocks-and-links.ts';
import { describeBudgets } from './contract/budgets.ts';
import { describeConcurrency } from './contract/concurrency.ts';
import { describeConversations } from './contract/conversations.ts';
import { describeDays } from './contract/days.ts';
import { describeErasure } from './contract/erasure.ts';
import { describeEvidence } from './contract/evidence.ts';
import { describeFindPeople } from './contract/find-people.ts';
import { describeForecastAlert } from './contract/forecast-alert.ts';
import { describeJoining } from './contract/joining.ts';
import type { ContractStore } from './contract/ledger-case.ts';
import { describeLifecycle } from './contract/lifecycle.ts';
import { describeLimits } from './contract/limits.ts';
import { describeMonthDocuments } from './contract/month-documents.ts';
import { describeMonths } from './contract/months.ts';
import { describeMovedReads } from './contract/moved-reads.ts';
import { describeOrderOfMovedReads } from './contract/moved-reads-order.ts';
import { describeNames } from './contract/names.ts';
import { describeOutbox } from './contract/outbox.ts';
import { describePaging } from './contract/paging.ts';
import { describePreviews } from './contract/previews.ts';
import { describeRandomOperations } from './contract/random-operations.ts';
import { describeReasons } from './contract/reasons.ts';
import { describeReplay } from './contract/replay.ts';
import { describeRetention } from './contract/retention.ts';
import { describeReuse } from './contract/reuse.ts';
import { describeSpikeGuard } from './contract/spike-guard.ts';
import { describeSteering } from './contract/steering.ts';
import { describeThresholds } from './contract/thresholds.ts';

/**
 * What every ledger must do, in terms of the interface only. One store serves all tests, each in a service of
 * its own; `open` is called again only where a ledger has to be closed.
 */
export function describeLedgerContract(
  name: string,
  open: () => Promise<{ ledger: Ledger; close(): Promise<void> }>,
): void {
  describe(`ledger contract on ${name}`, () => {
    let opened: { ledger: Ledger; close(): Promise<void> };
    const store: ContractStore = {
      get ledger() {
        return opened.ledger;
      },
    };

    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    describeAdmission(store);
    describeReuse(store);
    describeReplay(store);
    describeMonths(store);
    describeBudgets(store);
    describeLimits(store);
    describeSpikeGuard(store);
    describeThresholds(store);
    describeMonthDocuments(store);
    describeForecastAlert(store);
    describeOutbox(store);
    describeSteering(store);
    describeReasons(store);
    describePreviews(store);
    describeBlocksAndLinks(store);
    describeAdoption(store);
    describeErasure(store);
    describeFindPeople(store);
    describeEvidence(store);
    describeMovedReads(store);
    describeOrderOfMovedReads(store);
    describeAnyOrder(store);
    describeConversations(store);
    describeJoining(store);
    describeDays(store);
    describeBeacons(store);
    describePaging(store);
    describeRetention(store);
    describeNames(store);
    describeConcurrency(store);
    describeRandomOperations(store);
    describeLifecycle(store, open);
  });
}
