import { describe, expect, test } from '@jest/globals';

// The attackers' own tools: a search that finds nothing and a clock that sees nothing would let everything pass.

const load = (path: string) => import(new URL(`../../attack/${path}`, import.meta.url).href);
const { createWitness } = await load('ground/witness.js');
const { createTally } = await load('tools/tally.js');
const { createRandom } = await load('tools/random.js');
const { compareTimes } = await load('tools/compare-times.js');
const { statusesOf } = await load('tools/socket.js');
const { reportFamily } = await load('report.js');
const { FAMILIES, parseOptions } = await load('options.js');

const SECRET = 'planted-secret/with+all#of that';

describe('the witness', () => {
  const encoded = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset, 'x'), Buffer.from(`${SECRET}y`)]),
  );

  test.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify({ a: SECRET })],
    ['for a URL', encodeURIComponent(SECRET)],
    ['in hex', Buffer.from(SECRET).toString('hex')],
    ['in capital hex', Buffer.from(SECRET).toString('hex').toUpperCase()],
    ...encoded.map((bytes, at) => [`in base64, ${at} bytes in`, bytes.toString('base64')] as const),
    ...encoded.map((bytes, at) => [`in base64url, ${at} bytes in`, bytes.toString('base64url')] as const),
  ])('finds a secret %s', (_, text) => {
    const witness = createWitness();
    witness.plant('the secret', SECRET);
    witness.see('an answer', `{"a":1}${text}{"b":2}`);
    expect(witness.leaks).toEqual(expect.arrayContaining([{ secret: 'the secret', where: 'an answer' }]));
  });

  test('finds what an answer may hold in a log only', () => {
    const witness = createWitness();
    witness.hand('a token', SECRET);
    witness.see('its answer', SECRET);
    expect(witness.leaks).toEqual([]);
    witness.read('a log', SECRET);
    expect(witness.leaks).not.toEqual([]);
  });

  test('finds nothing where nothing is', () => {
    const witness = createWitness();
    witness.plant('the secret', SECRET);
    witness.read('a log', `${SECRET.slice(1)} ${SECRET.toUpperCase()}`);
    expect(witness.leaks).toEqual([]);
  });
});

test('a surprise is counted and told', () => {
  const tally = createTally('logins');
  tally.check('one', true, null);
  tally.refused('two', { status: 401, text: '' }, 401, 403);
  tally.refused('three', { status: 200, text: '{"token":"x"}' }, 401);
  const result = tally.result();
  expect(result).toMatchObject({
    tried: 3,
    held: 2,
    surprises: [{ attack: 'three', saw: '200 {"token":"x"}' }],
  });
  expect(reportFamily({ ...result, seconds: 1 })).toMatch(
    /logins +3 tried +2 as expected +1 surprise .*\n {2}! three\n/,
  );
});

test('the same seed tries the same', () => {
  const draw = (seed: number) => {
    const random = createRandom(seed);
    return [random.below(1_000), random.hex(8), random.pick(['a', 'b', 'c']), [...random.bytes(4)]];
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('a call that takes longer is told from one that does not', async () => {
  const work = (rounds: number) => () => {
    let sum = 0;
    for (let at = 0; at < rounds; at++) sum += Math.sqrt(at);
    return sum;
  };
  const compare = (first: number, second: number) =>
    compareTimes({
      first: work(first),
      second: work(second),
      batches: 60,
      calls: 20,
      random: createRandom(1),
    });
  expect((await compare(4_000, 1_000)).effect).toBeGreaterThan(0.6);
  expect((await compare(1_000, 4_000)).effect).toBeLessThan(-0.6);
});

test('answers on a connection are told apart', () => {
  expect(statusesOf('HTTP/1.1 400 Bad\r\n\r\n{"a":1}HTTP/1.1 404 Not\r\n\r\n')).toEqual([400, 404]);
});

describe('the command line', () => {
  test('runs everything unless told, and always looks for what leaked', () => {
    expect(parseOptions([])).toMatchObject({ families: FAMILIES, rounds: 300, smoke: false, jsonFile: null });
    expect(parseOptions(['--only', 'guests', '--only', 'logins', '--smoke', '--seed', '5'])).toEqual({
      ...{ families: ['logins', 'guests', 'leaks'], seed: 5, rounds: 40, smoke: true, jsonFile: null },
    });
  });

  test.each([
    [['--only', 'everything']],
    [['--rounds', '9']],
    [['--seed', '-1']],
    [['--seed', '1e3']],
    [['now']],
  ])('refuses %j', (args) => {
    expect(() => parseOptions(args)).toThrow();
  });
});
