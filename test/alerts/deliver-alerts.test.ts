import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { DEFAULT_SERVICE, parseServiceName } from '../../src/domain/service-name.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { recordActs } from '../reports/fill-month.ts';
import { type SettableClock, settableClock } from '../support/clock.ts';
import { type DeliveryKit, deliveryKit, FAILED, testTarget } from './delivery-kit.ts';
import { fireAlerts, NOW, standing } from './fire-alerts.ts';

const DAY_MS = 86_400_000;

let ledger: Ledger;
let clock: SettableClock;
const kits: DeliveryKit[] = [];

beforeEach(() => {
  ledger = openSqliteLedger({ path: ':memory:' });
  clock = settableClock(NOW + 10_000);
});
afterEach(async () => {
  for (const { delivery } of kits.splice(0)) await delivery.stop();
  await ledger.close();
});

function started(...[book, ...rest]: Parameters<typeof deliveryKit>): DeliveryKit {
  const kit = deliveryKit(book, ...rest);
  kits.push(kit);
  kit.delivery.start();
  return kit;
}

/** The ledger with some methods replaced. */
function overlay(parts: Partial<Ledger>): Ledger {
  return new Proxy(ledger, {
    get(target, name) {
      const value: unknown = Reflect.get(name in parts ? parts : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describe('alerts', () => {
  it('go to every target once, oldest first, with what the budget does', async () => {
    await fireAlerts(ledger, 3);
    const [one, two] = [testTarget('one'), testTarget('two')];
    const kit = started(ledger, [one, two], clock);
    await kit.idle();
    for (const { sent } of [one, two]) {
      expect(sent.map(({ alert }) => alert.threshold)).toEqual([10, 20, 30]);
      expect(sent[0]).toMatchObject({ service: 'default', mode: 'block', alert: { limit: 10, used: 1 } });
    }
    expect(await standing(ledger, 'two')).toEqual(['30 delivered 1', '20 delivered 1', '10 delivered 1']);

    await kit.nextRound();
    expect([one.sent.length, two.sent.length]).toEqual([3, 3]);
  });

  it('of the spike guard go out with its own mode, not with that of the budget', async () => {
    await fireAlerts(ledger, 2, { factor: 2, minimum: 1, mode: 'warn' });
    const target = testTarget('one');
    await started(ledger, [target], clock).idle();
    const modes = target.sent.map(({ alert, mode }) => [alert.budget, mode]);
    expect(modes).toContainEqual(['new-per-hour', 'warn']);
    expect(modes).toContainEqual(['all', 'block']);
  });

  it('that fire later go out in the next round', async () => {
    const target = testTarget('one');
    const kit = started(ledger, [target], clock);
    await kit.idle();
    await fireAlerts(ledger, 2);
    await kit.nextRound();
    expect(target.sent).toHaveLength(2);
  });

  it('go out once, however many gateways send', async () => {
    await fireAlerts(ledger, 10);
    const targets = Array.from({ length: 4 }, () => testTarget('one'));
    const all = targets.map((target) => started(ledger, [target], clock));
    await Promise.all(all.map((kit) => kit.idle()));
    const sent = targets.flatMap((target) => target.sent.map(({ alert }) => alert.threshold));
    expect(sent.sort((a, b) => a - b)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  });

  it('older than a week are not sent to a target that is new', async () => {
    await fireAlerts(ledger, 2);
    clock.set(NOW + 7 * DAY_MS + 500);
    const target = testTarget('new');
    const kit = started(ledger, [target], clock);
    await kit.idle();
    expect(target.sent.map(({ alert }) => alert.threshold)).toEqual([20]);
    expect(await standing(ledger, 'new')).toEqual(['20 delivered 1', '10 skipped 0']);
    // Told as what it is: nobody was to be told, so nobody missed it.
    expect(kit.events).toMatchObject([
      { kind: 'skipped', service: 'default', target: 'new' },
      { kind: 'attempt', state: 'delivered' },
    ]);
    clock.advance(3_600_000);
    await kit.nextRound();
    expect(kit.events).toHaveLength(2);
  });

  it('reached by evidence older than a week are sent to a target that was there', async () => {
    await fireAlerts(ledger, 0);
    const target = testTarget('one');
    const kit = started(ledger, [target], clock);
    await kit.idle();
    const at = new Date(NOW - 8 * DAY_MS).toISOString();
    await recordActs(ledger, [{ identity: 'm_late', signal: 'messaged', at }]);
    await kit.nextRound();
    expect(target.sent).toMatchObject([{ alert: { threshold: 10, used: 1 } }]);
    expect(await standing(ledger, 'one')).toEqual(['10 delivered 1']);
  });

  it('that fired while nobody sent are sent to a target that was there before', async () => {
    await fireAlerts(ledger, 1);
    const target = testTarget('one');
    const kit = started(ledger, [target], clock);
    await kit.idle();
    await fireAlerts(ledger, 2);
    clock.set(NOW + 9 * DAY_MS);
    await kit.nextRound();
    expect(target.sent.map(({ alert }) => alert.threshold)).toEqual([10, 20]);
  });
});

describe('a target', () => {
  it('that is down gets the alert when it is back', async () => {
    await fireAlerts(ledger, 1);
    const target = testTarget('one');
    target.answer = () => FAILED;
    const kit = started(ledger, [target], clock);
    await kit.idle();
    clock.advance(2_499);
    await kit.nextRound();
    expect(target.sent).toHaveLength(1);

    target.answer = () => ({ outcome: 'delivered' });
    clock.advance(1);
    await kit.nextRound();
    expect(target.sent).toHaveLength(2);
    expect(target.sent[1]).toEqual(target.sent[0]);
    expect(await standing(ledger, 'one')).toEqual(['10 delivered 2']);
    expect(kit.events).toMatchObject([
      { kind: 'attempt', state: 'pending', attempts: 1, dueAt: NOW + 12_500, error: 'answered 500' },
      { kind: 'attempt', state: 'delivered', attempts: 2, dueAt: null, error: null },
    ]);
  });

  it('that stays down is given up after the last attempt, and gets the next alert all the same', async () => {
    await fireAlerts(ledger, 1);
    const target = testTarget('one', { maxAttempts: 3 });
    target.answer = () => FAILED;
    const kit = started(ledger, [target], clock);
    for (let round = 0; round < 10; round++) {
      await kit.idle();
      clock.advance(3_600_000);
      await kit.nextRound();
    }
    expect(target.sent).toHaveLength(3);
    expect(kit.events.at(-1)).toMatchObject({ state: 'given-up', attempts: 3, error: 'answered 500' });
    await fireAlerts(ledger, 2);
    target.answer = () => ({ outcome: 'delivered' });
    await kit.nextRound();
    expect(await standing(ledger, 'one')).toEqual(['20 delivered 1', '10 given-up 3']);
  });

  it('that wants no more of it is left alone', async () => {
    await fireAlerts(ledger, 1);
    const target = testTarget('one');
    target.answer = () => ({ outcome: 'unwanted', error: 'answered 410' });
    await started(ledger, [target], clock).idle();
    expect(await standing(ledger, 'one')).toEqual(['10 given-up 1']);
  });

  it('that hangs delays no other', async () => {
    await fireAlerts(ledger, 10);
    const [slow, quick] = [testTarget('slow'), testTarget('quick')];
    let release = () => {};
    slow.answer = () =>
      new Promise((resolve) => {
        release = () => resolve({ outcome: 'delivered' });
      });
    const kit = started(ledger, [slow, quick], clock);
    await kit.idle(1);
    expect([slow.sent.length, quick.sent.length]).toEqual([1, 10]);
    slow.answer = () => ({ outcome: 'delivered' });
    release();
    await kit.idle();
    expect(slow.sent).toHaveLength(10);
  });

  it('that breaks the program is a failed attempt, told as a defect', async () => {
    await fireAlerts(ledger, 1);
    const target = testTarget('one');
    const defect = new TypeError('boom');
    target.answer = () => {
      throw defect;
    };
    const kit = started(ledger, [target], clock);
    await kit.idle();
    expect(kit.events).toMatchObject([
      { state: 'pending', error: 'a defect of the gateway', failure: defect },
    ]);
    expect(await standing(ledger, 'one')).toEqual(['10 pending 1']);
  });
});

describe('a gateway', () => {
  it('that dies while it sends loses nothing: another one sends when the lease is over', async () => {
    await fireAlerts(ledger, 1);
    const dead = testTarget('one');
    dead.answer = () => new Promise(() => {});
    const dying = deliveryKit(ledger, [dead], clock);
    dying.delivery.start();
    const other = testTarget('one');
    while (dead.sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));

    const kit = started(ledger, [other], clock);
    await kit.idle();
    clock.advance(19_999);
    await kit.nextRound();
    expect(other.sent).toHaveLength(0);
    clock.advance(1);
    await kit.nextRound();
    expect(other.sent).toEqual(dead.sent);
  });

  it('that is stopped ends what is in flight and begins nothing', async () => {
    await fireAlerts(ledger, 2);
    const target = testTarget('one');
    target.answer = () => new Promise((resolve) => setTimeout(() => resolve({ outcome: 'delivered' }), 50));
    const kit = deliveryKit(ledger, [target], clock);
    kit.delivery.start();
    while (target.sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await kit.delivery.stop();
    kit.delivery.start();
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(await standing(ledger, 'one')).toEqual(['20 pending 0', '10 delivered 1']);
  });

  it('that is stopped cuts off what hangs, so that another one can send it at once', async () => {
    await fireAlerts(ledger, 1);
    // The only attempt: a deploy must not be what nobody is told for.
    const target = testTarget('one', { maxAttempts: 1 });
    target.answer = (_notice, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ outcome: 'cut-off', error: 'cut off' }));
      });
    const kit = deliveryKit(ledger, [target], clock);
    kit.delivery.start();
    while (target.sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await kit.delivery.stop();
    expect(kit.events).toMatchObject([{ state: 'pending', dueAt: clock.now() + 1_000, error: 'cut off' }]);

    clock.advance(1_000);
    const next = testTarget('one', { maxAttempts: 1 });
    await started(ledger, [next], clock).idle();
    expect(await standing(ledger, 'one')).toEqual(['10 delivered 2']);
  });

  it('without targets has nothing to do', async () => {
    const kit = started(overlay({ takeDeliveries: () => Promise.reject(new Error('asked')) }), [], clock);
    await kit.delivery.stop();
    expect(kit.events).toEqual([]);
  });
});

describe('a ledger', () => {
  const away = new GatewayError('ledger-unavailable', 'gone');

  it('that is away is told once, asked again each round, and told once when it is back', async () => {
    await fireAlerts(ledger, 1);
    let gone = true;
    const flaky = overlay({
      takeDeliveries: (...args) => (gone ? Promise.reject(away) : ledger.takeDeliveries(...args)),
    });
    const target = testTarget('one');
    const kit = started(flaky, [target], clock);
    await kit.idle();
    await kit.nextRound();
    await kit.nextRound();
    expect(kit.events).toEqual([{ kind: 'stalled', target: 'one', failure: away }]);
    gone = false;
    await kit.nextRound();
    expect(kit.events.map(({ kind }) => kind)).toEqual(['stalled', 'attempt', 'resumed']);
    expect(target.sent).toHaveLength(1);
  });

  it('that fails for one service holds up no other', async () => {
    await fireAlerts(ledger, 1);
    const broken = parseServiceName('broken')!;
    const partly = overlay({
      takeDeliveries: (service, take) =>
        service === broken ? Promise.reject(away) : ledger.takeDeliveries(service, take),
    });
    const target = testTarget('one');
    const kit = started(partly, [target], clock, { services: [broken, DEFAULT_SERVICE] });
    await kit.idle();
    expect(target.sent).toHaveLength(1);
    await kit.nextRound();
    expect(kit.events.map(({ kind }) => kind)).toEqual(['attempt', 'stalled']);
  });

  it('that fails to write an attempt down is asked again, so that the alert is not sent twice', async () => {
    await fireAlerts(ledger, 1);
    let failures = 2;
    const flaky = overlay({
      settleDelivery: (...args) => (failures-- > 0 ? Promise.reject(away) : ledger.settleDelivery(...args)),
    });
    const target = testTarget('one');
    const kit = started(flaky, [target], clock);
    await kit.idle();
    expect(await standing(ledger, 'one')).toEqual(['10 delivered 1']);
    expect(kit.events).toMatchObject([{ kind: 'attempt', state: 'delivered' }]);
  });

  it('that never writes it down has it sent again when the lease is over', async () => {
    await fireAlerts(ledger, 1);
    let broken = true;
    const flaky = overlay({
      settleDelivery: (...args) => (broken ? Promise.reject(away) : ledger.settleDelivery(...args)),
    });
    const target = testTarget('one');
    const kit = started(flaky, [target], clock);
    await kit.idle();
    expect(kit.events).toMatchObject([{ kind: 'stalled' }]);
    broken = false;
    clock.advance(20_000);
    await kit.nextRound();
    expect(target.sent).toHaveLength(2);
    expect(await standing(ledger, 'one')).toEqual(['10 delivered 1']);
  });
});
