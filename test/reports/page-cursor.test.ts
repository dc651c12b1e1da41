import { describe, expect, it } from '@jest/globals';
import { PERSON_POSITION, ROW_POSITION } from '../../src/ledger/page.ts';
import { encodeCursor, parseCursor } from '../../src/reports/page-cursor.ts';

const QUESTION = ['default', '2026-11', 'identities', { className: null }];

describe('a cursor', () => {
  it('comes back as it was for the same question', () => {
    const cursor = { position: '77:m_a', after: 'm_b' };
    const text = encodeCursor(cursor, QUESTION);
    expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(parseCursor(text, QUESTION, PERSON_POSITION)).toEqual(cursor);
  });

  it.each([
    ['another month', ['default', '2026-12', 'identities', { className: null }]],
    ['another service', ['shop', '2026-11', 'identities', { className: null }]],
    ['another listing', ['default', '2026-11', 'mints', { className: null }]],
    ['another filter', ['default', '2026-11', 'identities', { className: 'guest' }]],
  ])('is refused for %s', (_, question) => {
    expect(
      parseCursor(encodeCursor({ position: '1', after: null }, QUESTION), question, ROW_POSITION),
    ).toBeNull();
  });

  it('is refused when its position was changed', () => {
    const text = encodeCursor({ position: '1', after: null }, QUESTION);
    const body = JSON.parse(Buffer.from(text, 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...body, p: 'x' })).toString('base64url');
    expect(parseCursor(changed, QUESTION, ROW_POSITION)).toBeNull();
  });

  it.each([
    ['x', ROW_POSITION],
    ['7:m_a', ROW_POSITION],
    ['-1', ROW_POSITION],
    ['1e9', ROW_POSITION],
    ['9'.repeat(16), ROW_POSITION],
    ['7', PERSON_POSITION],
    ['x:m_a', PERSON_POSITION],
    ['123456:m_a', PERSON_POSITION],
  ])('is refused for position %s, which no ledger gives there', (position, positions) => {
    expect(parseCursor(encodeCursor({ position, after: null }, QUESTION), QUESTION, positions)).toBeNull();
  });

  it.each(['', 'x', '!!!', 'bnVsbA', 'W10', 'eyJwIjoxfQ', 'eyJwIjpudWxsLCJhIjpudWxsfQ', '%00'])(
    'is refused when it is %j',
    (text) => {
      expect(parseCursor(text, QUESTION, ROW_POSITION)).toBeNull();
    },
  );
});
