import { expect, test } from '@jest/globals';

const { createTally } = await import(new URL('../../race/tally.js', import.meta.url).href);

const token = (identity: string, outcome = 'minted') => ({ status: 200, body: { identity, outcome } });
const refusal = (numbers: object) => ({ status: 403, body: { code: 'mau-budget-exhausted', ...numbers } });

test('counts answers by kind, and people once', () => {
  const tally = createTally([['all', 1]]);
  tally.add(7, token('m_7'), false);
  tally.add(7, token('m_7', 'reused'), true);
  tally.add(8, refusal({ budget: 'all', limit: 1, used: 1 }), false);
  expect(tally.counted).toEqual([7]);
  expect(tally.result()).toEqual({
    answers: { minted: 1, reused: 1, 'mau-budget-exhausted': 1 },
    refusedBy: { all: 1 },
    ...{ served: 1, identities: ['m_7'], doubled: 0, countedRefused: 0, mistaken: 0, samples: [] },
  });
});

test('places that are kept for others are as good as taken', () => {
  const tally = createTally([['all', 10]]);
  tally.add(1, refusal({ budget: 'all', limit: 10, used: 8, reserved: 2 }), false);
  expect(tally.result()).toMatchObject({ mistaken: 0 });
});

test.each([
  [{ budget: 'all', limit: 10, used: 9 }],
  [{ budget: 'all', limit: 10, used: 11 }],
  [{ budget: 'all', limit: 11, used: 11 }],
  [{ budget: 'class:guest', limit: 10, used: 10 }],
  [{}],
])('a refusal with the numbers %j is a mistake', (numbers) => {
  const tally = createTally([['all', 10]]);
  tally.add(1, refusal(numbers), false);
  expect(tally.result()).toMatchObject({ mistaken: 1, samples: [expect.stringContaining('person 1')] });
});

test('somebody counted who is refused is noticed, whatever the code', () => {
  const tally = createTally([['all', 1]]);
  tally.add(1, token('m_1'), false);
  tally.add(1, refusal({ budget: 'all', limit: 1, used: 1 }), true);
  tally.add(1, { status: 503, body: { code: 'ledger-unavailable' } }, true);
  expect(tally.result()).toMatchObject({
    countedRefused: 2,
    samples: [expect.anything(), expect.anything()],
  });
});

test('two people with one identity, or one with two, are noticed', () => {
  const tally = createTally([['all', 9]]);
  tally.add(1, token('m_1'), false);
  tally.add(2, token('m_1'), false);
  expect(tally.result()).toMatchObject({ doubled: 1 });
  tally.add(3, token('m_3'), false);
  tally.add(3, token('m_4'), true);
  expect(tally.result()).toMatchObject({ doubled: 2 });
});
