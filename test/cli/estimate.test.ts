import { describe, expect, test } from '@jest/globals';
import { runCli } from './support.ts';

async function estimate(args: string, files: Record<string, string> = {}) {
  const { code, stdout, stderr } = await runCli(['estimate', ...args.split(' '), '--json'], { files });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('the published examples', () => {
  test('1,000 customers and 1,000 agents: $100', async () => {
    expect(await estimate('--customers 1000 --agents 1000')).toMatchObject({
      ...{ activeUsers: 2_000, platformUsd: 100, messagesUsd: 0, totalUsd: 100, directUsd: 0, table: 'flat' },
    });
  });

  test('5,000 and 5,000 with 20,000 SMS at $0.0109: $500 + $218 = $718', async () => {
    const args = '--customers 5000 --agents 5000 --messages 20000 --message-rate 0.0109';
    expect(await estimate(args)).toMatchObject({
      ...{ activeUsers: 10_000, platformUsd: 500, messagesUsd: 218, totalUsd: 718, directUsd: 218 },
    });
  });

  test('10,000 threads: $500 on top of messages, which cost $0.0079 when sent directly', async () => {
    const args = '--threads 10000 --messages 20000 --message-rate 0.0079 --direct-rate 0.0079';
    expect(await estimate(args)).toMatchObject({
      ...{
        activeUsers: 0,
        platformUsd: 500,
        perThreadUsd: 500,
        messagesUsd: 158,
        totalUsd: 658,
        directUsd: 158,
      },
    });
  });
});

describe('an estimate says where a premise does not hold:', () => {
  const notesOf = async (args: string) => (await estimate(args)).notes.join('\n') as string;

  test('silent participants are billed', async () => {
    expect(await notesOf('--customers 10')).toContain('also in silence');
  });

  test('an agent of their own for each customer', async () => {
    expect(await notesOf('--customers 1000 --agents 1000')).toContain('however many customers they serve');
    expect(await notesOf('--customers 1000 --agents 20')).not.toContain('agents for');
  });

  test('conversations are not what Twilio bills; users decide the total where both are given', async () => {
    const both = await estimate('--customers 900 --agents 10 --threads 10000');
    expect(both).toMatchObject({ platformUsd: 45.5, totalUsd: 45.5, perThreadUsd: 500 });
    expect(both.notes.join('\n')).toContain('Billing by conversation is one article’s reading');
    expect(await notesOf('--threads 10000')).toContain('give --customers and --agents');
  });

  test('two rates for one message', async () => {
    const args = '--customers 10 --messages 100 --message-rate 0.0109 --direct-rate 0.0079';
    expect(await estimate(args)).toMatchObject({ messagesUsd: 1.09, directUsd: 0.79 });
    expect(await notesOf(args)).toContain('two message rates differ');
    expect(await notesOf(args.replace('0.0079', '0.0109'))).not.toContain('differ');
  });

  test('a flat price is not the public list, which is silent above 20,000', async () => {
    expect(await notesOf('--customers 10000')).toContain(
      'twilio-public-2026-09 the platform would be $477.50',
    );
    expect(await notesOf('--customers 20000')).not.toContain('contact sales');
    expect(await notesOf('--customers 20001')).toContain('contact sales');
  });
});

test('takes another table, by name or by file', async () => {
  expect(await estimate('--customers 5000 --table twilio-public-2026-09')).toMatchObject({
    ...{ platformUsd: 240, table: 'twilio-public-2026-09' },
  });
  const ours =
    'name: ours\ncurrency: USD\nmode: flat\nprice: 0.03\ncommit: 400\nsource: us\nreadOn: 2026-11-01\n';
  expect(await estimate('--customers 5000 --table ours.yaml', { 'ours.yaml': ours })).toMatchObject({
    ...{ platformUsd: 400, table: 'ours' },
  });
});

test('adds up in whole micro-dollars', async () => {
  const args = '--customers 3 --messages 999999999 --message-rate 0.000001';
  expect(await estimate(args)).toMatchObject({
    platformUsd: 0.15,
    messagesUsd: 999.999999,
    totalUsd: 1000.149999,
  });
});

test('shows a small table and the notes', async () => {
  const args = [
    'estimate',
    '--customers',
    '5000',
    '--agents',
    '40',
    '--messages',
    '20000',
    '--message-rate',
    '0.0109',
  ];
  const { stdout } = await runCli(args);
  const lines = stdout.split('\n');
  expect(lines[0]).toBe('a month by the price table flat');
  expect(lines).toContainEqual(expect.stringMatching(/^active users +5,040 +252\.00$/));
  expect(lines).toContainEqual(expect.stringMatching(/^total +470\.00$/));
  expect(lines.filter((line) => line.startsWith('note: ')).length).toBeGreaterThan(1);
});

test('tells every fault of the flags at once, and exits 2', async () => {
  const { code, stdout, stderr } = await runCli(
    'estimate --customers many --agents -- -1 --threads 1.5'
      .replace('-- ', '')
      .split(' ')
      .concat([...['--messages', '10000000000', '--direct-rate', '0.00000001', '--table', 'flatt']]),
  );
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.trimEnd().split('\n')).toEqual([
    expect.stringContaining('--message-rate is missing'),
    'error: --customers many: must be a whole number from 0 to 1000000000',
    'error: --agents -1: must be a whole number from 0 to 1000000000',
    'error: --threads 1.5: must be a whole number from 0 to 1000000000',
    'error: --messages 10000000000: must be a whole number from 0 to 1000000000',
    'error: --direct-rate 0.00000001: must be US dollars from 0 to 1000, at most 6 decimals',
    expect.stringMatching(/--table: expected one of flat, twilio-public-2026-09.*found "flatt"/),
  ]);
});

test.each([
  ['nothing', []],
  ['a rate without messages', ['--customers', '1', '--message-rate', '0.01']],
])('needs something to estimate: %s', async (_, args) => {
  expect(await runCli(['estimate', ...args])).toMatchObject({ code: 2, stdout: '' });
});
