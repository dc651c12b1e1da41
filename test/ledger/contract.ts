import { afterAll, beforeAll, describe } from '@jest/globals';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { describeAdmission } from './contract/admission.ts';
import { describeBlocksAndLinks } from './contract/blocks-and-links.ts';
import { describeBudgets } from './contract/budgets.ts';
import { describeConcurrency } from './contract/concurrency.ts';
import { describeDays } from './contract/days.ts';
import { describeEvidence } from './contract/evidence.ts';
import type { ContractStore } from './contract/ledger-case.ts';
import { describeLifecycle } from './contract/lifecycle.ts';
import { describeMonths } from './contract/months.ts';
import { describeNames } from './contract/names.ts';
import { describePaging } from './contract/paging.ts';
import { describeRandomOperations } from './contract/random-operations.ts';
import { describeReuse } from './contract/reuse.ts';

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
    describeMonths(store);
    describeBudgets(store);
    describeBlocksAndLinks(store);
    describeEvidence(store);
    describeDays(store);
    describePaging(store);
    describeNames(store);
    describeConcurrency(store);
    describeRandomOperations(store);
    describeLifecycle(store, open);
  });
}
