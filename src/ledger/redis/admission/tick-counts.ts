import { monthOf } from '../../../domain/month.ts';
import type { ServiceName } from '../../../domain/service-name.ts';
import { toLedgerError } from '../connection/to-ledger-error.ts';
import { createServiceKeys } from '../keys.ts';
import type { LedgerClient } from '../scripts.ts';
import { dayOf } from './admit-keys.ts';

interface Waiting {
  service: ServiceName;
  at: number;
  counts: Map<string, number>;
  settle: { resolve(): void; reject(error: Error): void }[];
}

/** Counts what was decided before the ledger was asked, and beacons; all of one tick, service and day in one call. */
export class TickCounts {
  readonly #client: LedgerClient;
  readonly #prefix: string;
  #waiting = new Map<string, Waiting>();

  constructor(client: LedgerClient, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  /** @param counter `refused:<code>`, `shadow:<rule>` or `beacons` */
  count(service: ServiceName, counter: string, at: number, amount = 1): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) setImmediate(() => this.#flush());
      const group = `${service} ${Math.floor(at / 86_400_000)}`;
      const waiting = this.#waiting.get(group) ?? {
        service,
        at,
        counts: new Map<string, number>(),
        settle: [],
      };
      this.#waiting.set(group, waiting);
      waiting.counts.set(counter, (waiting.counts.get(counter) ?? 0) + amount);
      waiting.settle.push({ resolve, reject });
    });
  }

  #flush(): void {
    const groups = this.#waiting;
    this.#waiting = new Map();
    for (const { service, at, counts, settle } of groups.values()) {
      const keys = createServiceKeys(this.#prefix, service);
      const month = monthOf(at);
      this.#client.count(keys.totals(month), keys.day(month, dayOf(at / 1000)), ...[...counts].flat()).then(
        () => {
          for (const { resolve } of settle) resolve();
        },
        (error: unknown) => {
          for (const { reject } of settle) reject(toLedgerError('count', error));
        },
      );
    }
  }
}
