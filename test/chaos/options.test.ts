import { describe, expect, test } from '@jest/globals';

const { commandOf, parseOptions, STORES } = await import(
  new URL('../../chaos/options.js', import.meta.url).href
);

const drawn = () => 4711;

describe('the command line of chaos', () => {
  test('runs two minutes on one Redis unless told, with a seed that is drawn', () => {
    expect(parseOptions([], drawn)).toEqual({
      ...{ seed: 4711, seconds: 120, store: 'redis', gateways: 3, kills: 40, rate: 100, waitReplicas: 0 },
      ...{
        keepGoing: false,
        logFile: 'chaos-results/redis-4711.ndjson',
        jsonFile: null,
        productFolder: null,
      },
    });
  });

  test('is short with --smoke, and what is named goes before', () => {
    expect(parseOptions(['--smoke', '--kills', '3'], drawn)).toMatchObject({
      seconds: 15,
      kills: 3,
      gateways: 2,
    });
  });

  test('gives the embedded ledger one gateway', () => {
    expect(parseOptions(['--store', 'embedded'], drawn)).toMatchObject({ gateways: 1 });
    expect(() => parseOptions(['--store', 'embedded', '--gateways', '2'], drawn)).toThrow();
  });

  test.each(STORES as string[])('says how to run the very same again on %s', (store) => {
    const options = parseOptions(['--store', store, '--seed', '7', '--rate', '50'], drawn);
    const again = commandOf(options).split(' ').slice(4);
    expect(parseOptions(again, drawn)).toEqual(options);
  });

  test.each(['sentinel', 'cluster'])('waits for the replicas of %s', (store) => {
    const options = parseOptions(['--store', store, '--wait-replicas', '2'], drawn);
    expect(options).toMatchObject({ waitReplicas: 2 });
    expect(commandOf(options)).toContain('--wait-replicas 2');
  });

  test.each([
    [['--store', 'redis', '--wait-replicas', '1']],
    [['--store', 'embedded', '--wait-replicas', '1']],
    [['--store', 'postgres']],
    [['--seed', '-1']],
    [['--seconds', '5']],
    [['--kills', 'many']],
    [['--store', 'cluster', '--wait-replicas', '3']],
    [['now']],
  ])('refuses %j', (args) => {
    expect(() => parseOptions(args, drawn)).toThrow();
  });
});
