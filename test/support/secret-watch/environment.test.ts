import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../..');
const JEST = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
const DEADLINE_MS = 60_000;

test(
  'a file that gives secrets away fails, though its tests pass, and tells which and where',
  () => {
    const args = [...JEST, '--testMatch', '**/leaks-on-purpose.ts'];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
    expect(stderr).toMatch(/Tests: +2 passed/);
    expect(status).toBe(1);
    const during = ', during "answers and lines that leak"';
    expect(stderr.split('\n').map((line) => line.trim())).toEqual(
      expect.arrayContaining([
        `TWILIO_API_KEY_SECRET in the answer to GET /leaks/body${during}`,
        `COOKIE_SECRET in the answer to GET /leaks/header${during}`,
        `REDIS_PASSWORD in the log (http.request)${during}`,
        'ANSWERED_SECRET in the answer to GET /nowhere, during "a gateway in another process"',
        'PRINTED_SECRET in the log of a gateway (…), during "a gateway in another process"',
        'a credential in the log (the.end)',
      ]),
    );
    // The answer that gives a token out is no leak.
    expect(stderr).not.toContain('/leaks/token');
    expect(stderr).not.toContain('to-be-found');
  },
  DEADLINE_MS,
);
