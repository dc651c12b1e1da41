import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type FakeTwilio, startFakeTwilio } from '../../src/demo/twilio/start-fake-twilio.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { HistoryPage, TwilioHistory } from '../../src/signals/backfill/ports.ts';
import { createTwilioHistory } from '../../src/twilio/read-history.ts';
import { ACCOUNT, buildTown, REST_KEY, type Town } from '../demo/twilio/fake-kit.ts';
import { servicesAt } from './twilio-kit.ts';

const DECEMBER = Date.UTC(2026, 11, 1);

let town: Town;
let twilio: FakeTwilio;
let history: TwilioHistory;
beforeEach(async () => {
  town = buildTown();
  twilio = await startFakeTwilio({ accountSid: ACCOUNT, apiKey: REST_KEY, model: town.model });
  history = createTwilioHistory(servicesAt(twilio.url));
});
afterEach(async () => {
  expect(twilio.requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
  await twilio.close();
});

async function all<Item>(read: (next: string | null) => Promise<HistoryPage<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  for (let next: string | null = null, more = true; more; ) {
    const page: HistoryPage<Item> = await read(next);
    items.push(...page.items);
    next = page.next;
    more = next !== null;
  }
  return items;
}

it('tells of participants as they are now', async () => {
  expect(await history.participants(DEFAULT_SERVICE, town.support, null)).toEqual({
    items: [
      expect.objectContaining({ identity: 'm_ada', address: null, lastReadIndex: 0, lastReadAt: null }),
      expect.objectContaining({
        identity: 'm_bob',
        createdAt: Date.parse('2026-11-10T12:00:00Z'),
        lastReadIndex: 0,
        lastReadAt: Date.parse('2026-11-10T12:01:00Z'),
      }),
    ],
    next: null,
  });
  const { items } = await history.participants(DEFAULT_SERVICE, town.sales, null);
  expect(items).toEqual([expect.objectContaining({ identity: null, address: 'whatsapp:+15550001111' })]);
});

it('tells of messages, newest first', async () => {
  const { items } = await history.messages(DEFAULT_SERVICE, town.support, null);
  expect(items).toEqual([
    { index: 1, author: 'system', participantSid: null, createdAt: Date.parse('2026-11-10T12:01:00Z') },
    expect.objectContaining({ index: 0, author: 'm_ada', participantSid: expect.stringMatching(/^MB/) }),
  ]);
});

it('follows pages to the end, each once', async () => {
  for (let number = 0; number < 230; number++) town.model.createConversation();
  const conversations = await all((next) => history.conversations(DEFAULT_SERVICE, DECEMBER, next));
  expect(new Set(conversations.map(({ sid }) => sid)).size).toBe(233);
  expect(conversations).toHaveLength(233);
  for (let number = 0; number < 120; number++) town.model.connect(`m_${number}`);
  expect(await all((next) => history.users(DEFAULT_SERVICE, next))).toHaveLength(123);
  expect(twilio.requests).toHaveLength(3 + 3);
});

it('leaves out conversations that were made later', async () => {
  town.clock.set(DECEMBER);
  town.model.createConversation();
  expect((await history.conversations(DEFAULT_SERVICE, DECEMBER, null)).items).toHaveLength(3);
  expect((await history.conversations(DEFAULT_SERVICE, Date.UTC(2027, 0, 1), null)).items).toHaveLength(4);
});
