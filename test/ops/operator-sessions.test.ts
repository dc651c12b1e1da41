import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createEndedSessions } from '../../src/ops/ended-sessions.ts';
import { createOperatorSessions, type OperatorSessionsOptions } from '../../src/ops/operator-sessions.ts';
import { settableClock } from '../support/clock.ts';

const NOW = Date.parse('2026-11-20T21:00:00Z');
const TWELVE_HOURS = 12 * 3_600_000;
const ann = { name: 'ann', role: 'finance' } as const;
const bob = { name: 'bob', role: 'admin' } as const;

function makeSessions(
  secrets: OperatorSessionsOptions['secrets'],
  grantOf: OperatorSessionsOptions['grantOf'] = () => 'known',
) {
  return createOperatorSessions({
    secrets,
    grantOf,
    ended: createEndedSessions(settableClock(NOW)),
  });
}

const sessions = makeSessions({ current: 'new', previous: 'old' });

describe('a dashboard session', () => {
  it('tells who it was made for, for 12 hours', async () => {
    const text = sessions.seal(ann, 'key', NOW);
    expect(text).toMatch(/^[A-Za-z0-9._-]+$/);
    expect(await sessions.open(text, NOW)).toEqual(ann);
    expect(await sessions.open(text, NOW + TWELVE_HOURS - 1)).toEqual(ann);
    expect(await sessions.open(text, NOW + TWELVE_HOURS)).toBeNull();
  });

  it('outlives the change of the secret once', async () => {
    const text = makeSessions({ current: 'old', previous: 'older' }).seal(ann, 'key', NOW);
    expect(await sessions.open(text, NOW)).toEqual(ann);
    expect(await makeSessions({ current: 'new', previous: null }).open(text, NOW)).toBeNull();
    expect(await makeSessions({ current: 'newer', previous: 'new' }).open(text, NOW)).toBeNull();
  });

  it('cannot be changed, cut or made up', async () => {
    const text = sessions.seal(ann, 'key', NOW);
    const [payload = '', signature = ''] = text.split('.');
    const body = { i: 'x', n: 'ann', r: 'admin', o: 'key', b: NOW };
    const admin = Buffer.from(JSON.stringify(body)).toString('base64url');
    for (const forged of [
      '',
      '.',
      payload,
      `${payload}.`,
      `${admin}.${signature}`,
      `${text}.x`,
      `${payload}.${signature.slice(0, -2)}`,
      `x${text}`,
      'a'.repeat(5_000),
    ]) {
      expect(await sessions.open(forged, NOW)).toBeNull();
    }
  });

  it('is not any other text signed with the same secret', async () => {
    const body = { i: 'x', n: 'x', r: 'admin', o: 'key', b: NOW };
    const payload = Buffer.from(JSON.stringify(body)).toString('base64url');
    const signature = createHmac('sha256', 'new').update(payload).digest('base64url');
    expect(await sessions.open(`${payload}.${signature}`, NOW)).toBeNull();
  });

  it('ends when it is told to, and no other with it', async () => {
    const one = sessions.seal(ann, 'key', NOW);
    const other = sessions.seal(ann, 'key', NOW);
    await sessions.end(one, NOW);
    await sessions.end('no session', NOW);
    expect(await sessions.open(one, NOW)).toBeNull();
    expect(await sessions.open(other, NOW)).toEqual(ann);
  });

  it('ends with all of its operator, or of everybody, and a later one lives', async () => {
    const [anns, bobs] = [sessions.seal(ann, 'key', NOW), sessions.seal(bob, 'oidc', NOW)];
    await sessions.endAll('ann', NOW + 5);
    expect(await sessions.open(anns, NOW + 5)).toBeNull();
    expect(await sessions.open(bobs, NOW + 5)).toEqual(bob);
    expect(await sessions.open(sessions.seal(ann, 'key', NOW + 6), NOW + 6)).toEqual(ann);
    await sessions.endAll(null, NOW + 10);
    expect(await sessions.open(bobs, NOW + 10)).toBeNull();
  });

  it('ends with the key that began it', async () => {
    const grants = new Map([
      ['key', 'first'],
      ['oidc', 'issuer'],
    ]);
    const known = makeSessions({ current: 'new', previous: null }, (_operator, origin) => {
      return grants.get(origin) ?? null;
    });
    const [byKey, byProvider] = [known.seal(ann, 'key', NOW), known.seal(ann, 'oidc', NOW)];
    expect(await known.open(byKey, NOW)).toEqual(ann);
    grants.set('key', 'second');
    expect(await known.open(byKey, NOW)).toBeNull();
    expect(await known.open(known.seal(ann, 'key', NOW), NOW)).toEqual(ann);
    grants.delete('key');
    expect(await known.open(byKey, NOW)).toBeNull();
    expect(await known.open(known.seal(ann, 'key', NOW), NOW)).toBeNull();
    expect(await known.open(byProvider, NOW)).toEqual(ann);
  });

  it('stays ended, however many others end after it', async () => {
    const sessions = makeSessions({ current: 'new', previous: null });
    const text = sessions.seal(ann, 'key', NOW);
    await sessions.end(text, NOW);
    const kept = sessions.seal(ann, 'key', NOW);
    const eves = { name: 'eve', role: 'viewer' } as const;
    const open = sessions.seal(eves, 'key', NOW);
    for (let time = 0; time < 10_001; time++) await sessions.end(sessions.seal(eves, 'key', NOW), NOW);
    expect(await sessions.open(text, NOW)).toBeNull();
    expect(await sessions.open(kept, NOW)).toEqual(ann);
    // There was no room left, so that eve signed out everywhere.
    expect(await sessions.open(open, NOW)).toBeNull();
    expect(await sessions.open(sessions.seal(eves, 'key', NOW + 1), NOW + 1)).toEqual(eves);
  });
});
