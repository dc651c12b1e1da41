import { describe, expect, test } from '@jest/globals';
import { loaded, MINIMAL } from './support.ts';

const load = (yaml = '') => loaded({ env: MINIMAL, yaml });

describe('compatibility.tokenEndpoint', () => {
  test('is off unless told', () => {
    const { settings, sources } = load();
    expect(settings.compatibility.tokenEndpoint).toBe('off');
    expect(sources['compatibility.tokenEndpoint']).toEqual({ value: 'off', source: 'default' });
  });

  test('login is quiet, and config print says where it comes from', () => {
    const { settings, sources } = load('compatibility: { tokenEndpoint: login }');
    expect([settings.compatibility.tokenEndpoint, settings.notices]).toEqual(['login', []]);
    expect(sources['compatibility.tokenEndpoint']?.source).toBe('file config/mau-guard.yaml');
  });

  test('password is warned of at every start', () => {
    const { settings } = load('compatibility: { tokenEndpoint: password }');
    expect(settings.notices).toEqual([
      expect.stringMatching(/^compatibility.tokenEndpoint is password: .*logs/),
    ]);
  });
});
