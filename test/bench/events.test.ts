import { describe, expect, it } from '@jest/globals';

const load = (file: string) => import(new URL(`../../bench/events/${file}`, import.meta.url).href);
const { buildEventMix, formOf } = await load('event-mix.js');
const { countDifferences, modelLedger } = await load('event-model.js');

const COUNT = 2_000;
const events = buildEventMix(COUNT);

async function* peopleOf(masks: ReadonlyMap<string, number>) {
  for (const [identity, mask] of masks) yield { identity, mask };
}

describe('the events of the benchmark', () => {
  it('are the same in each run, with one in ten a repeat', () => {
    expect(buildEventMix(COUNT)).toEqual(events);
    const once = new Set(events.map((event: object) => JSON.stringify(event)));
    expect(once.size / COUNT).toBeCloseTo(0.9, 1);
  });

  it('have the forms of four kinds of webhook', () => {
    const types = new Set(events.map((event: object) => formOf(event, '2026-11-20T09:00:00Z').EventType));
    expect([...types].sort()).toEqual([
      ...['onMessageAdded', 'onParticipantAdded', 'onParticipantUpdated', 'onUserAdded'],
    ]);
  });
});

describe('the model of the benchmark', () => {
  const everything = modelLedger(events, () => true);

  it('is content with a ledger that holds what was acknowledged', async () => {
    const found = await countDifferences(everything, peopleOf(everything.must));
    expect(found).toEqual({ identities: everything.must.size, lost: 0, invented: 0 });
  });

  it('finds a person who is missing, a signal that is missing and one too many', async () => {
    const [one, two, three] = [...everything.must.keys()] as [string, string, string];
    const masks = new Map<string, number>(everything.must);
    masks.delete(one);
    masks.set(two, 2);
    masks.set(three, everything.must.get(three) | 64);
    masks.set('nobody', 2);
    const found = await countDifferences(everything, peopleOf(masks));
    expect(found).toMatchObject({ lost: 2, invented: expect.any(Number) });
    expect(found.invented).toBeGreaterThanOrEqual(1);
  });

  it('lets an event that was not acknowledged be counted or not', async () => {
    const half = modelLedger(events, (n: number) => n % 2 === 0);
    expect(await countDifferences(half, peopleOf(half.must))).toMatchObject({ lost: 0, invented: 0 });
    expect(await countDifferences(half, peopleOf(half.may))).toMatchObject({ lost: 0, invented: 0 });
  });
});
