import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import { DEFAULT_SERVICE, parseServiceName } from '../../../src/domain/service-name.ts';
import { CircuitBreakers } from '../../../src/ledger/redis/connection/circuit-breakers.ts';

const SHOP = parseServiceName('shop')!;
const away = () => Promise.reject(new GatewayError('ledger-unavailable', 'Command timed out'));
const well = () => Promise.resolve('well');

let circuits: CircuitBreakers;
let changes: string[];
let probes: number;
let isBack: boolean;

afterEach(() => circuits.stop());

function start(): CircuitBreakers {
  [changes, probes, isBack] = [[], 0, false];
  circuits = new CircuitBreakers({
    probe: () => {
      probes += 1;
      return isBack ? well() : away();
    },
    onChange: (service, state, reason) => changes.push(`${service} ${state} ${reason}`.trim()),
  });
  return circuits;
}

async function fail(times: number, service = DEFAULT_SERVICE): Promise<void> {
  for (let time = 0; time < times; time++) {
    await expect(circuits.run(service, away)).rejects.toThrow('Command timed out');
  }
}

async function until(condition: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error('it does not happen');
    await sleep(10);
  }
}

describe('a circuit', () => {
  test('stays closed while calls fail now and then, or by a defect of ours', async () => {
    start();
    for (let round = 0; round < 3; round++) {
      await fail(2);
      expect(await circuits.run(DEFAULT_SERVICE, well)).toBe('well');
    }
    for (let time = 0; time < 5; time++) {
      const defect = () => Promise.reject(new GatewayError('internal', 'a code is missing'));
      await expect(circuits.run(DEFAULT_SERVICE, defect)).rejects.toThrow('a code is missing');
    }
    expect(await circuits.run(DEFAULT_SERVICE, well)).toBe('well');
    expect(changes).toEqual([]);
  });

  test('opens after three failures in a row, for its service alone', async () => {
    start();
    await fail(3);
    expect(changes).toEqual(['default open Command timed out']);
    expect([circuits.isOpen(DEFAULT_SERVICE), circuits.isOpen(SHOP)]).toEqual([true, false]);
    let asked = false;
    const refused = circuits.run(DEFAULT_SERVICE, async () => {
      asked = true;
    });
    await expect(refused).rejects.toMatchObject({ code: 'ledger-unavailable' });
    expect(asked).toBe(false);
    expect(await circuits.run(SHOP, well)).toBe('well');
  });

  test('closes when a probe is answered, and lets no request wait for one', async () => {
    start();
    await fail(3);
    await until(() => probes >= 2);
    expect(circuits.isOpen(DEFAULT_SERVICE)).toBe(true);
    isBack = true;
    await until(() => !circuits.isOpen(DEFAULT_SERVICE));
    expect(changes).toEqual(['default open Command timed out', 'default closed']);
    expect(await circuits.run(DEFAULT_SERVICE, well)).toBe('well');
    await fail(3);
    expect(circuits.isOpen(DEFAULT_SERVICE)).toBe(true);
  });

  test('is not held open by calls from before that fail late', async () => {
    start();
    const late = Array.from({ length: 8 }, (_, place) =>
      circuits.run(DEFAULT_SERVICE, async () => {
        await sleep(place < 3 ? 1 : 240 + 10 * place);
        return away();
      }),
    );
    isBack = true;
    await Promise.allSettled(late);
    await until(() => !circuits.isOpen(DEFAULT_SERVICE));
    await sleep(300);
    await until(() => !circuits.isOpen(DEFAULT_SERVICE));
    expect(await circuits.run(DEFAULT_SERVICE, well)).toBe('well');
  });

  test('is probed no more once it is stopped', async () => {
    start();
    await fail(3);
    circuits.stop();
    await sleep(300);
    expect(probes).toBe(0);
  });
});
