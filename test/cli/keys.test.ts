import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { load, MINIMAL } from '../config/support.ts';
import { runCli } from './support.ts';

describe('keys new', () => {
  test('prints the key and an entry that the gateway takes', async () => {
    const { code, stdout, stderr } = await runCli(['keys', 'new', '--name', 'anna', '--role', 'finance']);
    const [key = '', entry = '', rest] = stdout.split('\n');
    expect({ code, rest }).toEqual({ code: 0, rest: '' });
    expect(key).toMatch(/^mgk_[A-Za-z0-9_-]{43}$/);
    const sha256 = createHash('sha256').update(key).digest('hex');
    expect(entry).toBe(`anna:finance:${sha256}`);
    expect(stderr).not.toContain(key);
    const result = load({ env: { ...MINIMAL, OPS_API_KEYS: entry } });
    expect(result.ok && result.settings.operators).toEqual([{ name: 'anna', role: 'finance', sha256 }]);
  });

  test('--json', async () => {
    const { stdout, stderr } = await runCli(['keys', 'new', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'ops',
      role: 'viewer',
      key: expect.stringMatching(/^mgk_/),
    });
    expect(stderr).toBe('');
  });
});
