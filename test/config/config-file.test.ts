import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultLines, load, loaded, MINIMAL } from './support.ts';

test('any text as a config file gives settings or faults, never an exception', () => {
  const words = fc.constantFrom(
    ...[
      'services:',
      'issuers:',
      '- ',
      '  ',
      '\n',
      'default:',
      'apiKey: {',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      'null',
      '5',
      ': ',
      '"',
      '#',
      '!!x ',
      '__proto__: ',
      '? ',
      '|',
      '\t',
      'intents: ',
      'classes: ',
    ],
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 6 })), { maxLength: 30 }), (pieces) => {
      expect(() => load({ env: MINIMAL, yaml: pieces.join('') })).not.toThrow();
    }),
    { numRuns: 500 },
  );
});

test.each(['', '# only a comment\n', '---\n', '{}'])('%j is an empty config file', (yaml) => {
  expect(faultLines({ env: MINIMAL, yaml })).toEqual([]);
});

test('nesting deeper than the stack and files without measure are faults', () => {
  expect(faultLines({ env: MINIMAL, yaml: `a: ${'['.repeat(100_000)}` }).length).toBeGreaterThan(0);
  expect(faultLines({ env: MINIMAL, yaml: '#'.repeat(1_000_001) })).toEqual([
    'config/mau-guard.yaml: expected a YAML file of mappings, lists and values; found 1000001 characters',
  ]);
});

test('anchors and aliases within reason are welcome', () => {
  const yaml = `
issuers:
  - { issuer: "https://a.example", audience: chat, claims: &claims { person: uid } }
  - { issuer: "https://b.example", audience: chat, claims: *claims }`;
  const { settings } = loaded({ env: MINIMAL, yaml });
  expect(settings.issuers.map((issuer) => issuer.claims.person)).toEqual(['sub', 'uid', 'uid']);
});

test('classes of the file replace the shipped ones, intents add to them', () => {
  const yaml =
    'classes: [{ name: customer, prefix: c_ }]\nintents: { support: needs-reason, page_load: allow }';
  const { settings, sources } = loaded({ env: MINIMAL, yaml });
  expect(settings.classes).toMatchObject([{ name: 'customer', prefix: 'c_' }]);
  expect(settings.intents).toEqual({
    open_chat: 'allow',
    notification: 'needs-reason',
    page_load: 'allow',
    refresh: 'known-only',
    support: 'needs-reason',
  });
  expect(sources['classes.0.name']?.source).toBe('file config/mau-guard.yaml');
  expect(sources['intents.open_chat']?.source).toBe('default');
});

test.each(['tenants', 'classes', 'reserve', 'fallback'])(
  '__proto__ among %s is a fault, not a name that is lost',
  (key) => {
    const yaml = `services: { default: { budget: { identities: 9, ${key}: { __proto__: 1 } } } }`;
    expect(faultLines({ env: MINIMAL, yaml })).toEqual([
      `config/mau-guard.yaml:services.default.budget.${key}.__proto__ (line 1): expected another name; found __proto__`,
    ]);
  },
);

test.each([
  ['classes', (name: string) => `{ name: ${name}, prefix: ${name}_ }`, '[', ']'],
  ['intents', (name: string) => `${name}: allow`, '{', '}'],
])('there are 200 %s at most: the ledger numbers them with one byte, for good', (key, entry, open, close) => {
  const listOf = (count: number) => {
    const names = Array.from({ length: count }, (_, number) => `n${number}`);
    return `${key}: ${open} ${names.map(entry).join(', ')} ${close}`;
  };
  expect(faultLines({ env: MINIMAL, yaml: listOf(200) }).join()).not.toContain('at most 200');
  expect(faultLines({ env: MINIMAL, yaml: listOf(201) }).join()).toContain(`at most 200 ${key}`);
});
