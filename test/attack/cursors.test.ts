import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeCursor, parseCursor } from '../../src/reports/page-cursor.ts';
import { hostileText } from './hostile-values.ts';
import { ADMIN, expectSound, openWholeGateway, type WholeGateway } from './whole-gateway.ts';

// A cursor is no secret and can be made up; it may lead nowhere, and must not break anything.

const text = fc.oneof(hostileText, fc.constant(null));
/** Of any form. */
const ANY = /^/;
const question = ['default', '2026-11', 'identities'];

test('every cursor comes back as it was, and for no other question', () => {
  fc.assert(
    fc.property(text, text, fc.jsonValue({ maxDepth: 2 }), (position, after, filter) => {
      const cursor = { position, after };
      const encoded = encodeCursor(cursor, [...question, filter]);
      expect(parseCursor(encoded, [...question, filter], ANY)).toEqual(JSON.parse(JSON.stringify(cursor)));
      expect(parseCursor(encoded, [...question, filter, 'more'], ANY)).toBeNull();
    }),
  );
});

test('any text as a cursor is one, or none', () => {
  const made = fc.oneof(
    hostileText,
    fc.json().map((json) => Buffer.from(json).toString('base64url')),
  );
  fc.assert(fc.property(made, (given) => expect(() => parseCursor(given, question, ANY)).not.toThrow()));
});

describe('positions that no ledger gave', () => {
  let whole: WholeGateway;
  beforeAll(async () => {
    whole = await openWholeGateway();
    for (let n = 0; n < 3; n++) {
      const body = '{"intent":"open_chat"}';
      const headers = { authorization: whole.login, 'content-type': 'application/json' };
      expect((await whole.ask({ path: '/v1/tokens', headers, body })).status).toBe(200);
    }
  });
  afterAll(() => whole.close());

  /** Everything that the rows of a listing depend on, as the address of it says. */
  const ANYBODY = { className: null, signals: [], not: [], beginning: null };
  const LISTINGS: Record<string, unknown[]> = {
    '/v1/months/current/identities': ['default', '2026-11', 'identities', ANYBODY],
    '/v1/months/current/mints': ['default', '2026-11', 'mints', { className: null, beginning: null }],
    '/v1/audit': ['default', 'audit'],
    '/v1/alerts': ['default', 'alerts'],
  };
  const position = fc.oneof(
    text,
    fc.integer().map(String),
    fc.tuple(fc.integer(), hostileText).map((parts) => parts.join(':')),
    fc.bigInt().map(String),
  );

  test.each(Object.entries(LISTINGS))('%s answers', async (path, asked) => {
    const known = encodeCursor({ position: path.endsWith('identities') ? '0:' : '0', after: null }, asked);
    expect(await whole.ask({ path: `${path}?cursor=${known}`, headers: ADMIN })).toMatchObject({
      status: 200,
    });
    await fc.assert(
      fc.asyncProperty(position, text, async (at, after) => {
        const cursor = encodeCursor({ position: at, after }, asked);
        expectSound(await whole.ask({ path: `${path}?cursor=${cursor}`, headers: ADMIN }));
      }),
      { numRuns: 100 },
    );
    expect(whole.errors).toEqual([]);
  });
});
