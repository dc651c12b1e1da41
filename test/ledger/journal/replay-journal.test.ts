import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import { LedgerUnavailable } from '../../../src/domain/ledger-unavailable.ts';
import { DEFAULT_SERVICE, parseServiceName, type ServiceName } from '../../../src/domain/service-name.ts';
import { createJournalKeeper } from '../../../src/ledger/journal/keep-journal.ts';
import { openJournals } from '../../../src/ledger/journal/open-journals.ts';
import type { JournalEvent, JournalKeeper, UnwrittenMint } from '../../../src/ledger/journal/ports.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { evidenceOf, identityOf, monthNamed } from '../contract/builders.ts';

const AT = '2026-11-20T09:00:00Z';
const NOVEMBER = monthNamed('2026-11');
const SHOP = parseServiceName('shop')!;
const EMPTY_BYTES = 20;

let folder: string;
let ledger: Ledger;
let keeper: JournalKeeper;
let events: JournalEvent[];
/** What the ledger answers to an entry of these people of this service, if it does not take it. */
let failureOf: (service: ServiceName, people: readonly string[]) => Error | null;
let calls: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-replay-'));
  ledger = openSqliteLedger({ path: ':memory:' });
  failureOf = () => null;
  open();
});
afterEach(async () => {
  await keeper.stop();
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(): void {
  [events, calls] = [[], 0];
  const journals = openJournals({
    ...{ path: join(folder, 'journal'), bytesMax: 4 * 1024 * 1024 },
    left: { root: join(folder, 'journal'), processes: 1 },
  });
  const check = (service: ServiceName, people: readonly { identity: string }[]) => {
    calls += 1;
    const failure = failureOf(
      service,
      people.map(({ identity }) => identity),
    );
    if (failure !== null) throw failure;
  };
  keeper = createJournalKeeper({
    ledger: {
      async record(service, evidence, marks) {
        check(service, evidence);
        await ledger.record(service, evidence, marks);
      },
      async replay(service, mints) {
        // Of a mint that it was told before the ledger writes nothing, so nothing of it can be refused.
        check(
          service,
          mints.filter(({ journal }) => journal?.number !== 0),
        );
        await ledger.replay(service, mints);
      },
    },
    ...{ journal: journals.own, left: journals.left },
    sleep: (_ms, signal) => pause(2, undefined, { signal }).catch(() => {}),
    onEvent: (event) => events.push(event),
  });
  keeper.start();
}

/** As another process finds the journal. */
async function restart(): Promise<void> {
  await keeper.stop();
  open();
}

const see = (person: string, service = DEFAULT_SERVICE) =>
  keeper.appendEvidence(service, [evidenceOf(person, 'messaged', AT)], []);

function mint(person: string, minute: number, service = DEFAULT_SERVICE): Promise<string> {
  const issuedAt = Date.parse(AT) / 1_000 + minute * 60;
  const identity = identityOf(person);
  const unwritten: UnwrittenMint = {
    ...{ identity, own: identity, className: 'member', tenant: null, intent: 'open_chat', rule: 'open-chat' },
    ...{ firstSeen: issuedAt, issuedAt, expiresAt: issuedAt + 3_600, otherMonth: null },
  };
  return keeper.appendMint(service, unwritten);
}

async function read(service = DEFAULT_SERVICE) {
  const page = { after: null, limit: 1_000 };
  const people = (await ledger.identities(service, NOVEMBER, page)).items.map(({ identity }) => identity);
  const mints = (await ledger.mints(service, NOVEMBER, page)).items.map(({ identity }) => identity);
  return { people: people.sort(), mints };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await condition()); attempt++) {
    if (attempt > 2_000) throw new Error('it does not happen');
    await pause(5);
  }
}

const untilEmpty = () => until(() => keeper.bytes() === EMPTY_BYTES);
const away = () => new LedgerUnavailable('late', 'away');
const isBroken = () => new GatewayError('ledger-unavailable', 'ERR bad argument');
const kindsOf = (kind: JournalEvent['kind']) => events.filter((event) => event.kind === kind);

test('a service whose node is away keeps nothing of the others, and is brought in its order afterwards', async () => {
  failureOf = (service) => (service === SHOP ? away() : null);
  for (const number of [1, 2, 3]) await mint(`shop-${number}`, number, SHOP);
  await until(() => keeper.isWaiting(SHOP));
  await mint('ann', 1);
  await see('bob');
  await mint('shop-4', 4, SHOP);
  await until(async () => (await read()).people.length === 2);
  expect(await read()).toEqual({ people: ['ann', 'bob'], mints: ['ann'] });
  expect([keeper.isWaiting(SHOP), keeper.isWaiting(DEFAULT_SERVICE)]).toEqual([true, false]);
  expect(kindsOf('waiting')).toMatchObject([{ service: SHOP }]);

  failureOf = () => null;
  await untilEmpty();
  expect((await read(SHOP)).mints).toEqual(['shop-1', 'shop-2', 'shop-3', 'shop-4']);
  expect((await read()).mints).toEqual(['ann']);
  expect(keeper.isWaiting(SHOP)).toBe(false);
  const brought = events.flatMap((event) => (event.kind === 'replayed' ? [event.entries] : []));
  expect(brought.reduce((sum, entries) => sum + entries, 0)).toBe(6);
});

test('the same over many batches, and a process that ends in between: everything is there once', async () => {
  failureOf = (service) => (service === SHOP ? away() : null);
  // Some 250 bytes each, of which a batch takes 256 KiB.
  const people = Array.from({ length: 2_500 }, (_, number) => `person-${number}`);
  await Promise.all(
    people.map((person, number) => mint(person, number % 300, number % 2 ? SHOP : DEFAULT_SERVICE)),
  );
  await until(async () => (await ledger.totals(DEFAULT_SERVICE, NOVEMBER)).all === 1_250);
  await restart();
  await until(() => keeper.isWaiting(SHOP));
  failureOf = () => null;
  await untilEmpty();
  for (const service of [DEFAULT_SERVICE, SHOP]) {
    expect(await ledger.totals(service, NOVEMBER)).toMatchObject({ all: 1_250, minted: 1_250 });
  }
}, 30_000);

test('what the ledger does not take while it takes others is set aside, and all others are brought once', async () => {
  failureOf = (_, people) => (people.includes('bad') ? isBroken() : null);
  await see('bad');
  await mint('ann', 1);
  for (const minute of [2, 3, 4]) await mint('bad', minute);
  await mint('bob', 5);
  await see('cleo');
  await untilEmpty();
  expect(await read()).toEqual({ people: ['ann', 'bob', 'cleo'], mints: ['ann', 'bob'] });
  const aside = events.flatMap((event) => (event.kind === 'set-aside' ? [event.entries] : []));
  expect(aside.reduce((sum, entries) => sum + entries, 0)).toBe(4);

  // Once the record is mended: under the name of a journal that is not in use, the next start brings it.
  failureOf = () => null;
  await keeper.stop();
  renameSync(join(folder, 'journal.aside'), join(folder, 'journal.7'));
  open();
  await until(async () => (await read()).mints.length === 5);
  expect(await read()).toEqual({
    people: ['ann', 'bad', 'bob', 'cleo'],
    mints: ['ann', 'bob', 'bad', 'bad', 'bad'],
  });
});

test('what was set aside twice, because the process ended in between, comes back once', async () => {
  failureOf = (service, people) => (service === SHOP ? away() : people.includes('bad') ? isBroken() : null);
  await mint('far', 1, SHOP);
  await mint('ann', 1);
  await mint('bad', 2);
  await mint('bob', 3);
  await until(async () => (await read()).mints.length === 2);
  await restart();
  await until(() => kindsOf('set-aside').length === 1);
  failureOf = () => null;
  await untilEmpty();
  await keeper.stop();
  renameSync(join(folder, 'journal.aside'), join(folder, 'journal.7'));
  open();
  await until(async () => (await read()).mints.length > 2);
  await untilEmpty();
  expect((await read()).mints).toEqual(['ann', 'bob', 'bad']);
});

test('nothing is set aside while the ledger takes nothing at all', async () => {
  failureOf = isBroken;
  await mint('ann', 1);
  await see('bob');
  await until(() => calls > 100);
  expect(keeper.isWaiting(DEFAULT_SERVICE)).toBe(true);
  expect(kindsOf('waiting')).toHaveLength(1);
  failureOf = () => null;
  await untilEmpty();
  expect(await read()).toEqual({ people: ['ann', 'bob'], mints: ['ann'] });
  expect(kindsOf('set-aside')).toEqual([]);
});
