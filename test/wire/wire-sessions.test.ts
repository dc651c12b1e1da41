import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { Operator } from '../../src/ops/operator.ts';
import { wireSessions } from '../../src/wire/wire-sessions.ts';
import { type Given, loaded, MINIMAL } from '../config/support.ts';
import { settableClock } from '../support/clock.ts';

const NOW = Date.parse('2026-11-20T21:00:00Z');
const SECRET = 'a cookie secret of a test, long enough';
const ANNA: Operator = { name: 'anna', role: 'admin' };

/** As several gateways with Redis, whose sessions outlive a restart. */
function sessionsOf(env: NonNullable<Given['env']>) {
  const { settings } = loaded({ env: { ...MINIMAL, COOKIE_SECRET: SECRET, ...env } });
  const clock = settableClock(NOW);
  const store = { set: async () => 'OK', mget: async (...keys: string[]) => keys.map(() => null) };
  return wireSessions(settings, clock, { sessions: { store, keyPrefix: 'mg' } });
}

const keyOf = (key: string, role = 'admin') => ({
  OPS_API_KEYS: `anna:${role}:${createHash('sha256').update(key).digest('hex')}`,
});

it.each([
  ['stays while the key stays', keyOf('first'), ANNA],
  ['ends when another key takes its name', keyOf('second'), null],
  ['ends with the role', keyOf('first', 'viewer'), null],
  ['ends with the key', {}, null],
])('a session by ops key %s', async (_what, env, found) => {
  const session = sessionsOf(keyOf('first')).seal(ANNA, 'key', NOW);
  expect(await sessionsOf(env).open(session, NOW)).toEqual(found);
});
