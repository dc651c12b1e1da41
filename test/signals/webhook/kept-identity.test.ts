import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { IDENTITY_LENGTH_MAX, parseIdentity } from '../../../src/domain/identity.ts';
import { keepIdentity } from '../../../src/signals/webhook/kept-identity.ts';

test.each([
  ['m_ann', 'm_ann'],
  ['ann@example.com', 'ann@example.com'],
  ['auth0|12', '~auth0~7C12'],
  ['agent:42', '~agent~3A42'],
  ['a/b?c#d%e', '~a~2Fb~3Fc~23d~25e'],
  ['zoë', '~zo~C3~AB'],
  ['👋', '~~F0~9F~91~8B'],
  ['a~|', '~a~7E~7C'],
])('%s is kept as %s', (name, kept) => expect(keepIdentity(name)).toBe(kept));

test.each(['é'.repeat(43), '张'.repeat(29), '|'.repeat(IDENTITY_LENGTH_MAX)])(
  '%s, too long when it is spelled out, is kept as a digest',
  (name) => {
    expect(keepIdentity(name)).toBe(`~${createHash('sha256').update(name).digest('hex')}`);
    expect(keepIdentity(`${name.slice(1)}?`)).not.toBe(keepIdentity(name));
  },
);

test.each([
  '',
  `US${'0'.repeat(32)}`,
  'x'.repeat(IDENTITY_LENGTH_MAX + 1),
  '|'.repeat(IDENTITY_LENGTH_MAX + 1),
])('nobody is called "%s"', (name) => expect(keepIdentity(name)).toBeNull());

test('what is kept is an identity, and two names are never kept as one', () => {
  const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(names, names, (one, other) => {
      const [kept, keptOther] = [keepIdentity(one), keepIdentity(other)];
      if (kept !== null) expect(parseIdentity(kept)).toBe(kept);
      // Only somebody who chose a name that is an escaped one already could meet another.
      const isPlain = !one.startsWith('~') && !other.startsWith('~');
      if (one !== other && kept !== null && isPlain) expect(kept).not.toBe(keptOther);
    }),
    { numRuns: 2_000 },
  );
});
