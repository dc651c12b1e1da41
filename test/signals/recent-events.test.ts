import { expect, test } from '@jest/globals';
import { DEFAULT_SERVICE, type ServiceName } from '../../src/domain/service-name.ts';
import type { ConversationMark } from '../../src/ledger/conversations.ts';
import type { RecordEvidence } from '../../src/signals/ports.ts';
import { skipRepeats } from '../../src/signals/recent-events.ts';
import { conversationSid, evidenceOf, identityOf } from '../ledger/contract/builders.ts';
import { settableClock } from '../support/clock.ts';

const AT = '2026-11-20T09:00:00Z';
const ANN = [evidenceOf('ann', 'messaged', AT)];
const READ: ConversationMark = {
  ...{ kind: 'member', conversation: conversationSid(1), identity: identityOf('ann'), lastRead: 3 },
  at: Date.parse(AT),
};

let loseData: () => void;

const options = (eventsMax = 10) => ({
  eventsMax,
  clock: settableClock(Date.parse('2026-11-20T10:00:00Z')),
  onDataLoss(listener: () => void) {
    loseData = listener;
  },
});

/** Counts what gets through; fails while told to. */
function countingLedger() {
  const state = { calls: 0, fails: false };
  const record: RecordEvidence = async () => {
    state.calls++;
    if (state.fails) throw new Error('away');
  };
  return { state, record };
}

test('the same is brought once, however often it is told and while it is on its way', async () => {
  const { state, record } = countingLedger();
  const once = skipRepeats(record, options());
  await Promise.all([once(DEFAULT_SERVICE, ANN, [READ]), once(DEFAULT_SERVICE, [...ANN], [{ ...READ }])]);
  await once(DEFAULT_SERVICE, ANN, [READ]);
  expect(state.calls).toBe(1);
});

test.each([
  ['another service', 'other' as ServiceName, ANN, [READ]],
  ['another instant', DEFAULT_SERVICE, [evidenceOf('ann', 'messaged', '2026-11-20T09:00:00.001Z')], [READ]],
  [
    'another source',
    DEFAULT_SERVICE,
    [evidenceOf('ann', 'messaged', AT, { source: 'event-stream' })],
    [READ],
  ],
  ['another class', DEFAULT_SERVICE, [evidenceOf('ann', 'messaged', AT, { className: 'agent' })], [READ]],
  [
    'a read up to somewhere',
    DEFAULT_SERVICE,
    [{ ...ANN[0]!, upTo: { conversation: conversationSid(1), index: 3 } }],
    [READ],
  ],
  ['no mark', DEFAULT_SERVICE, ANN, []],
  ['another index', DEFAULT_SERVICE, ANN, [{ ...READ, lastRead: 4 }]],
  ['another way to read', DEFAULT_SERVICE, ANN, [{ ...READ, byOther: true as const }]],
  ['another end', DEFAULT_SERVICE, ANN, [{ ...READ, kind: 'left' as const }]],
])('%s is another event', async (_what, service, evidence, marks) => {
  const { state, record } = countingLedger();
  const once = skipRepeats(record, options());
  await once(DEFAULT_SERVICE, ANN, [READ]);
  await once(service, evidence, marks);
  expect(state.calls).toBe(2);
});

test('after a failure everything is brought again, also what was brought before it', async () => {
  const { state, record } = countingLedger();
  const once = skipRepeats(record, options());
  await once(DEFAULT_SERVICE, ANN);
  state.fails = true;
  const other = [evidenceOf('bob', 'messaged', AT)];
  await expect(once(DEFAULT_SERVICE, other)).rejects.toThrow('away');
  state.fails = false;
  await once(DEFAULT_SERVICE, other);
  await once(DEFAULT_SERVICE, ANN);
  expect(state.calls).toBe(4);
});

test('no more is remembered than was asked for', async () => {
  const { state, record } = countingLedger();
  const once = skipRepeats(record, options(2));
  for (const person of ['ann', 'bob', 'cid', 'ann']) {
    await once(DEFAULT_SERVICE, [evidenceOf(person, 'messaged', AT)]);
  }
  expect(state.calls).toBe(4);
});

test('after a loss of data everything is brought again', async () => {
  const { state, record } = countingLedger();
  const once = skipRepeats(record, options());
  await once(DEFAULT_SERVICE, ANN);
  loseData();
  await once(DEFAULT_SERVICE, ANN);
  expect(state.calls).toBe(2);
});

test('what is of a month whose people may have left and come back is brought each time', async () => {
  const { state, record } = countingLedger();
  const once = skipRepeats(record, options());
  const old = [evidenceOf('ann', 'messaged', '2026-09-30T23:59:59Z')];
  await once(DEFAULT_SERVICE, old);
  await once(DEFAULT_SERVICE, old);
  const mark = { ...READ, at: Date.parse('2026-09-30T23:59:59Z') };
  await once(DEFAULT_SERVICE, [], [mark]);
  await once(DEFAULT_SERVICE, [], [mark]);
  expect(state.calls).toBe(4);
});
