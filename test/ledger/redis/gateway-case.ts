import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import type { Admitted, LedgerRefusal } from '../../../src/ledger/ledger.ts';
import { KnownPeople } from '../../../src/ledger/outage/known-people.ts';
import { withKnownPeople } from '../../../src/ledger/outage/with-known-people.ts';
import type { LostDataEvent } from '../../../src/ledger/redis/lost-data/ports.ts';
import type { RedisLedgerOptions } from '../../../src/ledger/redis/redis-ledger.ts';
import { openTestRedisLedger } from '../../support/redis-ledger.ts';
import { LedgerCase } from '../contract/ledger-case.ts';

type Connection = Parameters<typeof openTestRedisLedger>[0];

const PATIENCE_MS = 10_000;
/** Looks often, and waits for another gateway however busy the machine is. */
const WATCH_TIMES = { lookMs: 100, settleMs: 60_000, otherServerMs: 60_000 };
const BUDGET_CODES = ['mau-budget-exhausted', 'new-identities-frozen'];

/** Counts how often a look begins: each asks once for the order, before it asks the store. */
class WatchedPeople extends KnownPeople {
  looks = 0;

  override get order(): number {
    this.looks += 1;
    return super.order;
  }
}

/** A gateway's ledger, with its own memory of people, and what it says of lost data. */
export class GatewayCase extends LedgerCase {
  readonly events: LostDataEvent[] = [];
  /** Whom this gateway would serve while the store is away. */
  declare readonly known: WatchedPeople;

  /** @param of another gateway, whose service this one shares; default a service of its own */
  static async open(
    connection: Connection,
    of?: LedgerCase,
    options: Partial<RedisLedgerOptions> = {},
  ): Promise<GatewayCase> {
    const events: LostDataEvent[] = [];
    const people = new WatchedPeople(1_000);
    const ledger = await openTestRedisLedger(connection, {
      known: people,
      onLostData: (event) => events.push(event),
      watchTimes: WATCH_TIMES,
      ...options,
    });
    const known = withKnownPeople({ ledger, people, journal: null, onServed: () => {} });
    const gateway = new GatewayCase({ ledger: known });
    return Object.assign(gateway, { events, known: people, ...(of ? { service: of.service } : {}) });
  }

  /** As a client does: asks again while the answer is that of an outage. Answers how often that was, too. */
  async ask(person: string, at: string): Promise<(Admitted | LedgerRefusal) & { held: number }> {
    return untilAnswered((held) => this.admit(person, at).then((answer) => ({ ...answer, held })));
  }

  /**
   * Resolves when this gateway has looked at the store by itself, at least once from now on, and had time for what it looks up
   * because of that. One look follows the other; one more may come of a connection or of a failure.
   */
  async looked(): Promise<void> {
    const enough = this.known.looks + 4;
    const giveUpAt = performance.now() + PATIENCE_MS;
    await sleep(6 * WATCH_TIMES.lookMs);
    while (this.known.looks < enough) {
      if (performance.now() > giveUpAt) throw new Error('it does not look');
      await sleep(20);
    }
  }

  /** Resolves when something of this kind was said of the service. */
  async said(event: LostDataEvent['event']): Promise<void> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    while (!this.sayings().includes(event)) {
      if (performance.now() > giveUpAt) throw new Error(`not said: ${event}`);
      await sleep(20);
    }
  }

  sayings(): LostDataEvent['event'][] {
    return this.events.filter(({ service }) => service === this.service).map(({ event }) => event);
  }
}

export async function untilAnswered<Answer>(ask: (failures: number) => Promise<Answer>): Promise<Answer> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (let failures = 0; ; failures++) {
    try {
      return await ask(failures);
    } catch (error) {
      const isAway = error instanceof GatewayError && error.code === 'ledger-unavailable';
      if (!isAway || performance.now() > giveUpAt) throw error;
      await sleep(20);
    }
  }
}

export function isRefusedByBudget(answer: Admitted | LedgerRefusal): boolean {
  return answer.outcome === 'refused' && BUDGET_CODES.includes(answer.code);
}
