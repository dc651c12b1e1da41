import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { DEFAULT_SERVICE, parseServiceName, type ServiceName } from '../../src/domain/service-name.ts';
import { createLedgerCheck, createReadiness, type ReadinessCheck } from '../../src/http/readiness.ts';
import { settableClock } from '../support/clock.ts';
import { buildApp, ISSUED } from './build-app.ts';

const well: ReadinessCheck = { name: 'ledger', run: () => Promise.resolve('clock skew 3 ms') };
const sick: ReadinessCheck = { name: 'keys', run: () => Promise.reject(new Error('10.0.0.7 s3cret')) };
const silent: ReadinessCheck = { name: 'keys', run: () => new Promise(() => {}) };

const get = async (path: string, checks: ReadinessCheck[] = [well]) => {
  const { app, events } = await buildApp(ISSUED, { readiness: createReadiness(checks, 50) });
  return { response: await request(app).get(path), events };
};

test('livez answers whatever else is sick', async () => {
  const { response } = await get('/livez', [sick]);
  expect([response.status, response.text, response.type]).toEqual([200, 'ok\n', 'text/plain']);
  expect(response.headers['cache-control']).toBe('no-store');
});

describe('readyz', () => {
  test('says yes in a word', async () => {
    const { response } = await get('/readyz');
    expect([response.status, response.text, response.type]).toEqual([200, 'ready\n', 'text/plain']);
    expect(response.headers['cache-control']).toBe('no-store');
  });

  test('verbose says it per check', async () => {
    const { response } = await get('/readyz?verbose');
    expect(response.text).toBe('[+]ledger ok, clock skew 3 ms\nready\n');
  });

  test.each([
    ['fails', sick],
    ['is silent', silent],
  ])('says no when a check %s, and not why', async (_name, check) => {
    const { response } = await get('/readyz?verbose', [well, check]);
    expect(response.status).toBe(503);
    expect(response.text).toBe('[+]ledger ok, clock skew 3 ms\n[-]keys failed\nnot ready\n');
  });

  test('says yes without a check that this process can do without, while it can', async () => {
    let remark: string | null = 'known people are served';
    const spared: ReadinessCheck = { ...sick, withoutIt: () => remark };
    const { response } = await get('/readyz?verbose', [well, spared]);
    expect(response.status).toBe(200);
    expect(response.text).toBe(
      '[+]ledger ok, clock skew 3 ms\n[!]keys away, known people are served\nready\n',
    );
    remark = null;
    expect((await get('/readyz', [well, spared])).response.status).toBe(503);
  });

  test('says no while draining', async () => {
    const { app, readiness } = await buildApp(ISSUED);
    readiness.startDraining();
    const response = await request(app).get('/readyz?verbose');
    expect([response.status, response.text]).toEqual([503, '[-]drain draining\nnot ready\n']);
  });

  test('probes are logged for those who debug only', async () => {
    const { events } = await get('/readyz');
    expect(events).toMatchObject([{ level: 'debug', event: 'http.request', route: '/readyz', status: 200 }]);
  });
});

describe('the checks', () => {
  test('run once for probes that come together', async () => {
    let runs = 0;
    const readiness = createReadiness([{ name: 'x', run: async () => `${++runs}` }]);
    await Promise.all([readiness.check(), readiness.check(), readiness.check()]);
    expect(runs).toBe(1);
    await readiness.check();
    expect(runs).toBe(2);
  });

  test('the ledger check compares clocks in the middle of the call', async () => {
    const clock = settableClock(1_000_000);
    const ping = async () => {
      clock.advance(20);
      return 1_000_410;
    };
    expect(await createLedgerCheck({ ping }, [DEFAULT_SERVICE], clock).run()).toBe('clock skew 400 ms');
    await expect(
      createLedgerCheck({ ping: () => Promise.reject(new Error('away')) }, [DEFAULT_SERVICE], clock).run(),
    ).rejects.toThrow();
  });

  test('the ledger is not needed while a journal takes what comes', () => {
    const ledger = { ping: () => Promise.reject(new Error('away')) };
    let taking = true;
    const { withoutIt } = createLedgerCheck(ledger, [DEFAULT_SERVICE], settableClock(0), {
      isTaking: () => taking,
    });
    expect(withoutIt?.()).toBe('known people are served');
    taking = false;
    expect(withoutIt?.()).toBeNull();
    expect(createLedgerCheck(ledger, [DEFAULT_SERVICE], settableClock(0)).withoutIt?.()).toBeNull();
  });

  test('the ledger answers for every service, or this process is ready for the others', async () => {
    const [shop, desk] = [parseServiceName('shop')!, parseServiceName('desk')!];
    let away: ServiceName[] = [];
    // One that is paused does not answer at all.
    const ping = (service: ServiceName) =>
      away.includes(service) ? new Promise<never>(() => {}) : Promise.resolve(service === shop ? 900 : 1_040);
    const check = (journal: { isTaking(): boolean } | null) =>
      createReadiness([createLedgerCheck({ ping }, [shop, desk], settableClock(1_000), journal)], 10).check();
    const lines = async (journal: { isTaking(): boolean } | null = null) => (await check(journal)).lines;
    expect(await lines()).toEqual(['[+]ledger ok, clock skew -100 ms']);
    away = [shop];
    expect(await check(null)).toEqual({
      ready: true,
      lines: ['[!]ledger away, it answers for 1 of 2 services'],
    });
    expect(await lines({ isTaking: () => true })).toEqual([
      '[!]ledger away, it answers for 1 of 2 services, known people are served',
    ]);
    away = [shop, desk];
    expect(await check(null)).toEqual({ ready: false, lines: ['[-]ledger failed'] });
    expect(await lines({ isTaking: () => true })).toEqual(['[!]ledger away, known people are served']);
  });
});
