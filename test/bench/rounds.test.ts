import { describe, expect, it } from '@jest/globals';

const { orderOfRound, runRounds } = await import(new URL('../../bench/rounds.js', import.meta.url).href);

describe('the order of rounds', () => {
  it('gives everybody each place once in as many rounds', () => {
    const orders = [0, 1, 2].map((round) => orderOfRound(['a', 'b', 'c'], round).join(''));
    expect(orders).toEqual(['abc', 'bca', 'cab']);
    expect(orderOfRound(['a', 'b', 'c'], 3).join('')).toBe('abc');
  });

  it('leaves figures in the order of rounds, whatever the order within one', async () => {
    const ran: string[] = [];
    const figures = await runRounds(
      [{ name: 'a' }, { name: 'b' }],
      2,
      async ({ name }: { name: string }, round: number) => {
        ran.push(`${name}${round}`);
        return `${name}${round}`;
      },
    );
    expect(ran).toEqual(['a0', 'b0', 'b1', 'a1']);
    expect(figures).toEqual({ a: ['a0', 'a1'], b: ['b0', 'b1'] });
  });
});
