import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import type { Month } from '../../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { type BackfillParts, createBackfill } from '../../../src/signals/backfill/create-backfill.ts';
import type { TwilioHistory } from '../../../src/signals/backfill/ports.ts';

const MONTH = '2026-11' as Month;
const NOW = Date.parse('2026-11-10T12:00:00Z');

let ledger: Ledger;
let isAway: boolean;
let calls: number;

beforeEach(() => {
  ledger = openSqliteLedger({ path: ':memory:' });
  isAway = false;
  calls = 0;
});
afterEach(() => ledger.close());

function open() {
  const away = () => Promise.reject(new GatewayError('ledger-unavailable', 'away'));
  const nothing = async () => ({ items: [], next: null });
  const parts: BackfillParts = {
    history: {
      // The ledger goes away in the middle, and knows nothing of how far it is.
      users: async () => {
        calls += 1;
        if (isAway) await away();
        return { items: [], next: null };
      },
      ...{ conversations: nothing, participants: nothing, messages: nothing },
    } as unknown as TwilioHistory,
    paced: (call) => call(),
    ledger: {
      record: (...told) => ledger.record(...told),
      identityFile: (...asked) => ledger.identityFile(...asked),
      documents: (...asked) => ledger.documents(...asked),
      lastingDocument: (...asked) => ledger.lastingDocument(...asked),
      keepDocument: async (service, month, document, expected) => {
        if (isAway && document.text.includes('"stopped"')) await away();
        return ledger.keepDocument(service, month, document, expected);
      },
    },
    now: () => NOW,
    owner: 'this process',
    classOf: () => 'member',
    onEvent: () => {},
  };
  return createBackfill(parts);
}

test('a backfill whose end could not be written says so here, and goes on when it is ordered again', async () => {
  const backfill = open();
  isAway = true;
  await backfill.start(DEFAULT_SERVICE, MONTH);
  for (let turns = 0; turns < 20; turns++) await turn();
  expect(await backfill.read(DEFAULT_SERVICE, MONTH)).toMatchObject({
    state: 'stopped',
    trouble: { says: 'The ledger did not answer.' },
  });

  isAway = false;
  expect(await backfill.start(DEFAULT_SERVICE, MONTH)).toMatchObject({ state: 'running', trouble: null });
  for (let turns = 0; turns < 20; turns++) await turn();
  expect(await backfill.read(DEFAULT_SERVICE, MONTH)).toMatchObject({ state: 'done' });
});

test('ordered twice at once it is begun once', async () => {
  const backfill = open();
  const [one, other] = await Promise.all([
    backfill.start(DEFAULT_SERVICE, MONTH),
    backfill.start(DEFAULT_SERVICE, MONTH),
  ]);
  expect([one.state, other.state]).toEqual(['running', 'running']);
  for (let turns = 0; turns < 20; turns++) await turn();
  expect(calls).toBe(1);
  expect(await backfill.read(DEFAULT_SERVICE, MONTH)).toMatchObject({ state: 'done' });
});
