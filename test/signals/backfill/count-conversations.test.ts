import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type FakeTwilio, startFakeTwilio } from '../../../src/demo/twilio/start-fake-twilio.ts';
import { parseMonth } from '../../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import {
  type BackfillRecord,
  beginRecord,
  showProgress,
} from '../../../src/signals/backfill/backfill-progress.ts';
import { countConversations } from '../../../src/signals/backfill/count-conversations.ts';
import { createPacedReads } from '../../../src/signals/backfill/paced-reads.ts';
import { createTwilioHistory } from '../../../src/twilio/read-history.ts';
import { ACCOUNT, buildTown, REST_KEY, type Town } from '../../demo/twilio/fake-kit.ts';
import { servicesAt } from '../../twilio/twilio-kit.ts';

const NOVEMBER = parseMonth('2026-11')!;
const PER_SECOND = 10;

let town: Town;
let twilio: FakeTwilio;
/** Monotonic; passes only when the pace asks for it. */
let elapsedMs: number;
beforeEach(async () => {
  town = buildTown();
  twilio = await startFakeTwilio({ accountSid: ACCOUNT, apiKey: REST_KEY, model: town.model });
  elapsedMs = 0;
  // Beside the three that the town has.
  for (let number = 0; number < 229; number++) town.model.createConversation();
});
afterEach(() => twilio.close());

const begin = (): BackfillRecord => ({ ...beginRecord('me', 0), phase: 'conversations' });

/** @param pages after so many the process ends */
async function count(record: BackfillRecord, pages = Number.POSITIVE_INFINITY): Promise<BackfillRecord[]> {
  const saved: BackfillRecord[] = [];
  const counting = countConversations({
    history: createTwilioHistory(servicesAt(twilio.url)),
    paced: createPacedReads({
      perSecond: PER_SECOND,
      elapsed: () => elapsedMs,
      sleep: async (ms) => {
        elapsedMs += ms;
      },
    }),
    keep: async () => {
      throw new Error('counting found somebody');
    },
    ...{ service: DEFAULT_SERVICE, month: NOVEMBER, record },
    context: { month: NOVEMBER, nowMs: town.clock.now(), classOf: () => 'member' },
    save: async () => {
      saved.push(structuredClone(record));
      if (saved.length === pages) throw new Error('the process ended');
    },
    renew: async () => {},
    signal: new AbortController().signal,
  });
  await (pages === Number.POSITIVE_INFINITY ? counting : expect(counting).rejects.toThrow('ended'));
  return saved;
}

const there = (record: BackfillRecord) => showProgress(DEFAULT_SERVICE, NOVEMBER, record).there;

it('counts page by page, and keeps each', async () => {
  const saved = await count(begin());
  expect(saved.map(there)).toEqual([
    { conversations: 100, complete: false },
    { conversations: 200, complete: false },
    { conversations: 232, complete: true },
  ]);
});

it('calls Twilio at the common pace, and says how often', async () => {
  const record = begin();
  await count(record);
  expect([record.read.calls, twilio.requests.length]).toEqual([3, 3]);
  // The first one waits for nobody.
  expect(elapsedMs).toBe((2 * 1000) / PER_SECOND);
});

it('goes on where it broke off', async () => {
  const [kept] = await count(begin(), 1);
  const record = JSON.parse(JSON.stringify(kept)) as BackfillRecord;
  expect(there(record)).toEqual({ conversations: 100, complete: false });
  await count(record);
  expect(there(record)).toEqual({ conversations: 232, complete: true });
  expect(twilio.requests).toHaveLength(3);
});

it('counts once', async () => {
  const record = begin();
  await count(record);
  town.model.createConversation();
  expect(await count(record)).toEqual([]);
  expect(there(record)).toEqual({ conversations: 232, complete: true });
});

it('leaves out what was made after the month', async () => {
  town.clock.set(Date.UTC(2026, 11, 1));
  for (let number = 0; number < 150; number++) town.model.createConversation();
  const record = begin();
  await count(record);
  expect(there(record)?.conversations).toBe(232);
});

it('is done with a month that has none', async () => {
  const record = begin();
  for (const { conversations } of town.model.account.services.values()) conversations.clear();
  await count(record);
  expect(there(record)).toEqual({ conversations: 0, complete: true });
});

it('never shows fewer than were read, and nothing before it began', () => {
  const record = begin();
  expect(there(record)).toBeNull();
  record.read.conversations = 5;
  expect(there(record)).toBeNull();
  record.counting = { conversations: 4, next: null };
  expect(there(record)).toEqual({ conversations: 5, complete: true });
});

it('shows nobody the pages that it goes on from', async () => {
  const [kept] = await count(begin(), 1);
  expect(kept?.counting?.next).toMatch(/^http/);
  expect(JSON.stringify(showProgress(DEFAULT_SERVICE, NOVEMBER, kept!))).not.toMatch(/http|counting/);
});
