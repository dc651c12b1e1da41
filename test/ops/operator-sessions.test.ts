import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createOperatorSessions } from '../../src/ops/operator-sessions.ts';

const NOW = Date.parse('2026-11-20T21:00:00Z');
const TWELVE_HOURS = 12 * 3_600_000;
const ann = { name: 'ann', role: 'finance' } as const;

const sessions = createOperatorSessions({ current: 'new', previous: 'old' });

describe('a dashboard session', () => {
  it('tells who it was made for, for 12 hours', () => {
    const text = sessions.seal(ann, NOW);
    expect(text).toMatch(/^[A-Za-z0-9._-]+$/);
    expect(sessions.open(text, NOW)).toEqual(ann);
    expect(sessions.open(text, NOW + TWELVE_HOURS - 1)).toEqual(ann);
    expect(sessions.open(text, NOW + TWELVE_HOURS)).toBeNull();
  });

  it('outlives the change of the secret once', () => {
    const old = createOperatorSessions({ current: 'old', previous: 'older' });
    const text = old.seal(ann, NOW);
    expect(sessions.open(text, NOW)).toEqual(ann);
    expect(createOperatorSessions({ current: 'new', previous: null }).open(text, NOW)).toBeNull();
    expect(createOperatorSessions({ current: 'newer', previous: 'new' }).open(text, NOW)).toBeNull();
  });

  it('cannot be changed, cut or made up', () => {
    const text = sessions.seal(ann, NOW);
    const [payload = '', signature = ''] = text.split('.');
    const admin = Buffer.from(JSON.stringify({ n: 'ann', r: 'admin', e: 9_999_999_999 })).toString(
      'base64url',
    );
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
      expect(sessions.open(forged, NOW)).toBeNull();
    }
  });

  it('is not any other text signed with the same secret', () => {
    const payload = Buffer.from(JSON.stringify({ n: 'x', r: 'admin', e: 9_999_999_999 })).toString(
      'base64url',
    );
    const signature = createHmac('sha256', 'new').update(payload).digest('base64url');
    expect(sessions.open(`${payload}.${signature}`, NOW)).toBeNull();
  });
});
