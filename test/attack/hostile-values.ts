import fc from 'fast-check';

/** Texts that readers trip over, among texts of any kind. */
export const hostileText = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      ' ',
      '0',
      '-1',
      '1e309',
      'NaN',
      'null',
      'true',
      '__proto__',
      'constructor',
      'toString',
      'default',
    ],
    ...[
      'current',
      '2026-11',
      '2026-13',
      '9999-12',
      '0000-00',
      '../..',
      '%00',
      '%zz',
      '\u0000',
      '\n',
      '\ud800',
      '\uFEFF',
    ],
    ...[
      "' OR 1=1 --",
      '"',
      '\\',
      '*',
      '{{7*7}}',
      '<script>',
      '\u202e',
      '😀',
      '{svc}',
      ':',
      '|',
      ',',
      '~',
      'm_a',
      'all',
      'tenant:*',
    ],
  ),
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.nat().map(String),
  fc.constant('x'.repeat(700)),
);

/** JSON of any shape, with members that have meaning somewhere. */
export function hostileObject(fields: readonly string[]): fc.Arbitrary<unknown> {
  const key = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...fields) },
    { weight: 1, arbitrary: hostileText },
  );
  const value = fc.oneof(
    hostileText,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.jsonValue({ maxDepth: 3 }),
    fc.dictionary(hostileText, fc.oneof(fc.integer(), hostileText), { maxKeys: 3 }),
  );
  return fc.dictionary(key, value, { maxKeys: 8 });
}

/** What can stand in a header. */
export const headerText = hostileText.map((text) =>
  Buffer.from(text.replaceAll(/[\r\n\0]/g, ' '), 'utf8')
    .toString('latin1')
    .replaceAll(/[^\x20-\x7e\x80-\xff]/g, '?'),
);

/** What can stand in an address. */
export const queryText = fc.oneof(
  hostileText.map((text) => encodeURIComponent(text.replaceAll(/\p{Cs}/gu, ''))),
  fc.constantFrom('%', '%f', '%ff%fe', '%c0%ae', '+', '[]', '[x]', '%5B__proto__%5D', '%0d%0a'),
);
