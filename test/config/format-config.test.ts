import { describe, expect, test } from '@jest/globals';
import {
  formatFaults,
  formatFaultsJson,
  formatSettings,
  formatSettingsJson,
} from '../../src/config/format-config.ts';

const FAULTS = [
  { where: 'PORT', expected: 'a port', found: '"x"' },
  {
    where: 'a.yaml:token.ttlSeconds',
    line: 3,
    expected: 'a number',
    found: 'a list',
    hint: 'remove the dash',
  },
];

const SOURCES = {
  'listen.port': { value: 3000, source: 'default' },
  'identity.secret': { value: '•••• (32 bytes)', source: 'IDENTITY_SECRET_FILE' },
  publicUrl: { value: null, source: 'default' },
  corsOrigins: { value: [], source: 'default' },
  'issuers.0.audience': { value: ['a', 'b'], source: 'environment AUTH_AUDIENCE' },
};

describe('faults', () => {
  test('are one line each', () => {
    expect(formatFaults(FAULTS)).toBe(
      'PORT: expected a port; found "x"\n' +
        'a.yaml:token.ttlSeconds (line 3): expected a number; found a list (remove the dash)\n',
    );
  });

  test('are coloured only when asked', () => {
    expect(formatFaults(FAULTS, { color: true })).toContain('\u001b[31mPORT\u001b[39m: expected');
  });

  test('as JSON', () => {
    expect(JSON.parse(formatFaultsJson(FAULTS))).toEqual({ ok: false, faults: FAULTS });
  });
});

describe('settings', () => {
  test('are aligned', () => {
    expect(formatSettings(SOURCES)).toBe(
      [
        'listen.port         3000             default',
        'identity.secret     •••• (32 bytes)  IDENTITY_SECRET_FILE',
        'publicUrl           none             default',
        'corsOrigins         none             default',
        'issuers.0.audience  a, b             environment AUTH_AUDIENCE',
        '',
      ].join('\n'),
    );
  });

  test('as JSON', () => {
    expect(JSON.parse(formatSettingsJson(SOURCES, true, ['note']))).toEqual({
      ok: true,
      demo: true,
      settings: SOURCES,
      notices: ['note'],
    });
  });

  test('a line end in a value stays within its line', () => {
    expect(formatSettings({ a: { value: 'x\ny', source: 'default' } })).toBe('a  x\\ny  default\n');
  });
});
