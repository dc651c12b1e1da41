import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SERVICE, parseServiceName } from '../../src/domain/service-name.ts';
import { bitOf, EVIDENCE_SOURCES, MARKS, SIGNALS, signalsOf } from '../../src/domain/signal.ts';

describe('parseServiceName', () => {
  test.each(['a', 'default', 'support-2', 'x'.repeat(32)])('reads %s', (text) => {
    expect(parseServiceName(text)).toBe(text);
  });

  test.each(['', 'A', '1a', '-a', 'a_b', 'a b', 'a{b}', 'a\n', 'x'.repeat(33)])('refuses %j', (text) => {
    expect(parseServiceName(text)).toBeNull();
  });

  test('the default is a name like any other', () => {
    expect(parseServiceName(DEFAULT_SERVICE)).toBe('default');
  });
});

describe('signals', () => {
  test('keep the bits that ledgers have written', () => {
    const bits = Object.fromEntries([...SIGNALS, ...MARKS].map((name) => [name, bitOf(name)]));
    expect(bits).toEqual({
      minted: 1,
      connected: 2,
      messaged: 4,
      joined: 8,
      read: 16,
      left: 32,
      created: 64,
      updated: 128,
      addressed: 256,
      again: 512,
      hidden: 1024,
      returning: 2048,
    });
  });

  test('keep the codes of their sources too', () => {
    expect(EVIDENCE_SOURCES.slice(0, 7)).toEqual([
      'gateway',
      'previous-month',
      'webhook',
      'event-stream',
      'beacon',
      'backfill',
      'import',
    ]);
  });

  test('are read back from a mask in order, without marks', () => {
    expect(signalsOf(0)).toEqual([]);
    expect(signalsOf(bitOf('read') | bitOf('minted') | bitOf('hidden'))).toEqual(['minted', 'read']);
    expect(signalsOf(0xfff)).toEqual([...SIGNALS]);
  });
});
