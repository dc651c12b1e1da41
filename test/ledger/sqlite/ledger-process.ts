import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import { planTokenLife } from '../../../src/domain/token-life.ts';
import { openSqliteLedger } from '../../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { budgetOf, identityOf, monthNamed } from '../contract/builders.ts';

/**
 * A program of its own for the tests: opens the ledger at the given path, prints `open`, and admits people until it
 * is killed. A line `<ordinal> <identity>` for each admission that was acknowledged.
 */
const STARTED_AT = Date.parse('2026-11-20T09:00:00Z');
const IN_FLIGHT = 32;

const [path = ''] = process.argv.slice(2);
const ledger = openSqliteLedger({ path });
const budget = budgetOf({ scopes: { all: 1_000_000 } });
await ledger.configureBudget(DEFAULT_SERVICE, monthNamed('2026-11'), budget);
process.stdout.write('open\n');

let count = 0;

async function admitForever(): Promise<never> {
  for (;;) {
    count += 1;
    const answer = await ledger.admit({
      service: DEFAULT_SERVICE,
      identity: identityOf(`person-${count % 3 === 0 ? count / 3 : count}`),
      className: 'member',
      tenant: 'acme',
      intent: 'open_chat',
      rule: 'allow-open-chat',
      life: planTokenLife(STARTED_AT + count, 3_600, 0),
      policyMark: count,
      knownOnly: false,
      needsReason: false,
      hidden: false,
    });
    if (answer.outcome === 'new' || answer.outcome === 'known') {
      process.stdout.write(`${answer.ordinal} ${answer.identity}\n`);
    }
  }
}

await Promise.all(Array.from({ length: IN_FLIGHT }, admitForever));
