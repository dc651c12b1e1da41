import { describe, expect, it } from '@jest/globals';
import { encodeCursor, parseCursor } from '../../src/reports/page-cursor.ts';

const QUESTION = ['default', '2026-11', 'identities', { className: null }];

describe('a cursor', () => {
  it('comes back as it was for the same question', () => {
    const cursor = { position: '77:m_a', after: 'm_b' };
    const text = encodeCursor(cursor, QUESTION);
    expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(parseCursor(text, QUESTION)).toEqual(cursor);
  });

  it.each([
    ['another month', ['default', '2026-12', 'identities', { className: null }]],
    ['another service', ['shop', '2026-11', 'identities', { className: null }]],
    ['another listing', ['default', '2026-11', 'mints', { className: null }]],
    ['another filter', ['default', '2026-11', 'identities', { className: 'guest' }]],
  ])('is refused for %s', (_, question) => {
    expect(parseCursor(encodeCursor({ position: '1', after: null }, QUESTION), question)).toBeNull();
  });

  it('is refused when its position was changed', () => {
    const text = encodeCursor({ position: '1', after: null }, QUESTION);
    const body = JSON.parse(Buffer.from(text, 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...body, p: 'x' })).toString('base64url');
    expect(parseCursor(changed, QUESTION)).toBeNull();
  });

  it.each(['', 'x', '!!!', 'bnVsbA', 'W10', 'eyJwIjoxfQ', 'eyJwIjpudWxsLCJhIjpudWxsfQ', '%00'])(
    'is refused when it is %j',
    (text) => {
      expect(parseCursor(text, QUESTION)).toBeNull();
    },
  );
});
