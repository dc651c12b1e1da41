import { describe, expect, test } from '@jest/globals';
import { formatDemoBanner } from '../../src/demo/demo-banner.ts';
import { createDemoLogins } from '../../src/demo/demo-people.ts';

const BANNER = formatDemoBanner({
  url: 'http://127.0.0.1:3000',
  logins: createDemoLogins(() => 'random'),
  opsLink: 'http://127.0.0.1:3000/ops?login=code',
  ledgerPath: 'data/demo.db',
});

describe('the demo banner', () => {
  test('is at most ten lines and ends its last one', () => {
    expect(BANNER.endsWith('\n')).toBe(true);
    expect(BANNER.trimEnd().split('\n').length).toBeLessThanOrEqual(10);
  });

  test('has one line to paste, one to click, and where the counts are', () => {
    const lines = BANNER.split('\n').map((line) => line.trim());
    expect(lines).toContain(
      "curl -s -X POST http://127.0.0.1:3000/v1/tokens -H 'Authorization: Bearer demo-ada-random' -H 'Content-Type: application/json' -d '{\"intent\":\"open_chat\"}'",
    );
    expect(lines).toContain('http://127.0.0.1:3000/ops?login=code');
    expect(lines).toContain('See what lazy chat saves: http://127.0.0.1:3000/demo');
    expect(BANNER).toContain('data/demo.db');
  });

  test('says that it is a demo, and shows one login only', () => {
    expect(BANNER).toContain('demo mode');
    expect(BANNER.match(/demo-\w+-random/g)).toEqual(['demo-ada-random']);
  });
});
