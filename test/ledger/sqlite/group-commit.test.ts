import { describe, expect, test } from '@jest/globals';
import { GroupCommit } from '../../../src/ledger/sqlite/group-commit.ts';

/** Edges that write down what happened; `failAt` throws there, once. */
function recorder(failAt: 'begin' | 'commit' | null = null) {
  const events: string[] = [];
  let fails = failAt;
  const edge = (name: 'begin' | 'commit' | 'rollback') => () => {
    events.push(name);
    if (fails !== name) return;
    fails = null;
    throw new Error(`no ${name} today`);
  };
  const commits = new GroupCommit({
    begin: edge('begin'),
    commit: edge('commit'),
    rollback: edge('rollback'),
  });
  const step = (name: string) => commits.submit(() => events.push(name) && name);
  return { commits, events, step };
}

describe('group commit', () => {
  test('the steps of a tick are one transaction, in order, and are answered after the commit', async () => {
    const { events, step } = recorder();
    const answers = ['a', 'b', 'c'].map((name) =>
      step(name).then((answer) => events.push(`${answer} answered`)),
    );
    expect(events).toEqual([]);
    await Promise.all(answers);
    expect(events).toEqual(['begin', 'a', 'b', 'c', 'commit', 'a answered', 'b answered', 'c answered']);
  });

  test('steps of another tick are another transaction', async () => {
    const { events, step } = recorder();
    await step('a');
    await step('b');
    expect(events).toEqual(['begin', 'a', 'commit', 'begin', 'b', 'commit']);
  });

  test('a burst is split, so that the event loop turns in between', async () => {
    const { events, step } = recorder();
    let turns = 0;
    const count = () => {
      turns += 1;
      if (events.filter((event) => event === 'step').length < 1_000) setImmediate(count);
    };
    setImmediate(count);
    await Promise.all(Array.from({ length: 1_000 }, () => step('step')));
    expect(events.filter((event) => event === 'commit')).toHaveLength(4);
    expect(turns).toBeGreaterThanOrEqual(4);
  });

  test.each([
    ['begin', ['begin']],
    ['commit', ['begin', 'a', 'b', 'commit', 'rollback']],
  ] as const)('when %s fails, every step rejects and the next tick works', async (edge, expected) => {
    const { events, step } = recorder(edge);
    const results = await Promise.allSettled([step('a'), step('b')]);
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'ledger-unavailable' } });
    }
    expect(events).toEqual(expected);
    await expect(step('c')).resolves.toBe('c');
  });

  const throwing = ({ commits }: ReturnType<typeof recorder>) =>
    commits.submit(() => {
      throw new Error('bad step');
    });

  test('a step that throws rejects alone; the others are done without it, in order', async () => {
    const recorded = recorder();
    const { events, step } = recorded;
    const results = await Promise.allSettled([step('a'), throwing(recorded), step('b')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'ledger-unavailable' } });
    expect(events).toEqual(['begin', 'a', 'rollback', 'begin', 'a', 'b', 'commit']);
    await expect(throwing(recorded)).rejects.toMatchObject({ code: 'ledger-unavailable' });
    await expect(step('c')).resolves.toBe('c');
  });

  test('where every step throws, all are rejected after a few', async () => {
    const recorded = recorder();
    const results = await Promise.allSettled(Array.from({ length: 200 }, () => throwing(recorded)));
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(recorded.events.filter((event) => event === 'begin')).toHaveLength(4);
  });

  test('draining commits at once what waits', async () => {
    const { commits, events, step } = recorder();
    const answer = step('a');
    commits.drain();
    expect(events).toEqual(['begin', 'a', 'commit']);
    await expect(answer).resolves.toBe('a');
    commits.drain();
    expect(events).toHaveLength(3);
  });
});
