import { beforeEach, expect, test } from '@jest/globals';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { ConversationMark } from '../../src/ledger/conversations.ts';
import type { Evidence } from '../../src/ledger/ledger.ts';
import type { ReplayedMint } from '../../src/ledger/replay.ts';
import { conversationSid } from '../ledger/contract/builders.ts';
import {
  type ArchiveKit,
  createArchiveKit,
  fillMonths,
  monthNamed,
  OCTOBER,
  readMonth,
  SEPTEMBER,
} from './archive-kit.ts';

const NOW_MONTH = monthNamed('2028-06');

let kit: ArchiveKit;
beforeEach(async () => {
  kit = createArchiveKit();
  await fillMonths(kit.ledger, [SEPTEMBER, OCTOBER]);
  await kit.close(OCTOBER);
  await kit.trim(OCTOBER);
  kit.events.length = 0;
});

const evidenceIn = (month: string, identity = 'm_new'): Evidence => ({
  ...{ identity: identity as never, signal: 'messaged', source: 'webhook', className: 'member' },
  at: Date.parse(`${month}-10T09:00:00Z`),
});
const messageIn = (month: string): ConversationMark => ({
  ...{ kind: 'message', conversation: conversationSid(7), index: 1, author: null },
  at: Date.parse(`${month}-10T09:00:00Z`),
});
const mintIn = (month: string): ReplayedMint => {
  const issuedAt = Date.parse(`${month}-10T09:00:00Z`) / 1000;
  return {
    ...{ identity: 'm_new' as never, own: 'm_new' as never, className: 'member', tenant: null },
    ...{
      intent: 'open_chat',
      rule: 'intent-allowed',
      firstSeen: issuedAt,
      issuedAt,
      expiresAt: issuedAt + 600,
    },
    ...{ otherMonth: null, journal: { id: 'j', number: issuedAt } },
  };
};
const countsOf = async (month: string) => {
  const { all, minted, conversations } = await kit.ledger.totals(DEFAULT_SERVICE, monthNamed(month));
  return { all, minted, conversations };
};

test('of a mixed batch, what is late is dropped and the rest is written, marks too', async () => {
  const before = (await readMonth(kit.ledger, OCTOBER)).figures;
  const months = ['2026-09', '2026-10', '2028-05', '2028-06'];
  await kit.ledger.record(
    DEFAULT_SERVICE,
    months.map((month) => evidenceIn(month)),
    [messageIn('2028-06'), messageIn('2026-09')],
  );
  expect((await readMonth(kit.ledger, OCTOBER)).figures).toEqual(before);
  expect(await countsOf('2026-09')).toMatchObject({ all: 6, conversations: 1 });
  expect(await countsOf('2028-05')).toMatchObject({ all: 1 });
  expect(await countsOf('2028-06')).toMatchObject({ all: 1, conversations: 1 });
  expect(kit.events).toEqual([
    { event: 'archive.late', service: DEFAULT_SERVICE, month: OCTOBER, pieces: 1 },
  ]);
});

test('marks alone are written when the evidence beside them is late', async () => {
  await kit.ledger.record(DEFAULT_SERVICE, [evidenceIn('2026-10')], [messageIn('2028-06')]);
  expect(await countsOf('2028-06')).toMatchObject({ all: 0, conversations: 1 });
});

test('a journal that comes back long after brings no mint of such a month', async () => {
  const before = (await readMonth(kit.ledger, OCTOBER)).figures;
  await kit.ledger.replay(DEFAULT_SERVICE, [mintIn('2026-10')]);
  expect((await readMonth(kit.ledger, OCTOBER)).figures).toEqual(before);
  await kit.ledger.replay(DEFAULT_SERVICE, [mintIn('2028-06')]);
  expect(await countsOf('2028-06')).toMatchObject({ all: 1, minted: 1 });
});

test('nothing is asked of the archive for what is in time', async () => {
  let asked = 0;
  const read = kit.book.read;
  kit.book.read = (...args) => {
    asked += 1;
    return read(...args);
  };
  await kit.ledger.record(DEFAULT_SERVICE, [evidenceIn('2028-06'), evidenceIn('2028-05')]);
  expect(asked).toBe(0);
  await kit.ledger.record(DEFAULT_SERVICE, [evidenceIn('2026-09')]);
  expect(asked).toBe(1);
  expect((await readMonth(kit.ledger, NOW_MONTH)).rows.people).toHaveLength(1);
});
