import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_SERVICE, parseServiceName } from '../../src/domain/service-name.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { createReconcileSchedule } from '../../src/reconcile/reconcile-schedule.ts';
import { type SettableClock, settableClock } from '../support/clock.ts';

const BROKEN = parseServiceName('broken')!;

let ledger: Ledger;
let clock: SettableClock;
let pulls: string[];
let failures: string[];
beforeEach(() => {
  failures = [];
  ledger = openSqliteLedger({ path: ':memory:' });
  clock = settableClock(Date.parse('2026-11-20T09:00:00Z'));
  pulls = [];
});
afterEach(() => ledger.close());

/** A gateway whose minutes pass by as fast as they can, until so many have passed. */
function gateway(name: string, minutes: number, everyHours = 6, services = [DEFAULT_SERVICE]) {
  let left = minutes;
  let over: () => void;
  const ended = new Promise<void>((resolve) => {
    over = resolve;
  });
  const schedule = createReconcileSchedule({
    ...{ clock, everyHours, services },
    ledger: {
      documents: (service, ...rest) =>
        service === BROKEN ? Promise.reject(new Error('away')) : ledger.documents(service, ...rest),
      keepDocument: (...call) => ledger.keepDocument(...call),
    },
    onFailure: (service, failure) => void failures.push(`${service} ${failure}`),
    reconciler: {
      async pull(_service, month) {
        pulls.push(`${name} ${month}`);
        if (name === 'failing') throw new Error('down');
        return undefined as never;
      },
    },
    async sleep(ms, signal) {
      if (left === 0) {
        over();
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        return;
      }
      left -= 1;
      clock.advance(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
  return { schedule, ended };
}

async function run(...gateways: ReturnType<typeof gateway>[]): Promise<void> {
  for (const { schedule } of gateways) schedule.start();
  await Promise.all(gateways.map(({ ended }) => ended));
  await Promise.all(gateways.map(({ schedule }) => schedule.stop()));
}

describe('the schedule', () => {
  it('pulls after a minute, then every so many hours', async () => {
    await run(gateway('a', 13 * 60));
    expect(pulls).toEqual(['a 2026-11', 'a 2026-11', 'a 2026-11']);
  });

  it('is shared by gateways: one of them pulls', async () => {
    await run(gateway('a', 5), gateway('b', 5), gateway('c', 5));
    expect(pulls).toHaveLength(1);
  });

  it('pulls the month before, too, while its record may move', async () => {
    clock.set(Date.parse('2026-12-02T00:00:00Z'));
    await run(gateway('a', 2));
    expect(pulls).toEqual(['a 2026-11', 'a 2026-12']);
  });

  it('goes on after a failure', async () => {
    await run(gateway('failing', 7 * 60));
    expect(pulls).toHaveLength(2);
  });

  it('pulls the current month also when the month before cannot be pulled', async () => {
    clock.set(Date.parse('2026-12-02T00:00:00Z'));
    await run(gateway('failing', 2));
    expect(pulls).toEqual(['failing 2026-11', 'failing 2026-12']);
    expect(failures).toEqual([]);
  });

  it('pulls for the services behind one of which the ledger tells nothing, and tells that once', async () => {
    await run(gateway('a', 10, 6, [BROKEN, DEFAULT_SERVICE]));
    expect(pulls).toEqual(['a 2026-11']);
    expect(failures).toEqual(['broken Error: away']);
  });

  it('of no hours never pulls', async () => {
    const { schedule } = gateway('a', 5, 0);
    schedule.start();
    await schedule.stop();
    expect(pulls).toEqual([]);
  });
});
