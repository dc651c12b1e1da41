import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { headerText, hostileObject, queryText } from './hostile-values.ts';
import { ADMIN, expectSound, openWholeGateway, type WholeGateway } from './whole-gateway.ts';

// Everything that operators can ask, with everything that they could mean: an answer, never a 500 and never silence.

let whole: WholeGateway;
let operations: [method: string, path: string][];

const FIELDS = [
  ...[
    'reason',
    'limit',
    'mode',
    'classes',
    'tenants',
    'reserve',
    'thresholds',
    'spikeGuard',
    'identities',
    'expiresAt',
    'budget',
  ],
  ...[
    'issuer',
    'subject',
    'claims',
    'request',
    'intent',
    'month',
    'policy',
    'intents',
    'frozen',
    'blocked',
    'service',
  ],
];
const NAMES = [
  'service',
  'cursor',
  'limit',
  'class',
  'signal',
  'not',
  'q',
  'rules',
  'format',
  'dryRun',
  'reason',
  'from',
  'to',
];

beforeAll(async () => {
  whole = await openWholeGateway();
  const document = JSON.parse((await whole.ask({ path: '/openapi.json' })).text) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const methods = ['get', 'put', 'post', 'delete'];
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((method) => methods.includes(method) && path.startsWith('/v1/') && path !== '/v1/events')
      .map((method): [string, string] => [method.toUpperCase(), path]),
  );
});
afterAll(() => whole.close());

const asked = fc.record({
  which: fc.nat(10_000),
  parts: fc.array(fc.oneof(fc.constantFrom('current', '2026-11', 'm_a'), queryText), {
    minLength: 3,
    maxLength: 3,
  }),
  query: fc.array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), queryText), queryText), { maxLength: 4 }),
  body: fc.oneof(
    hostileObject(FIELDS).map((value) => JSON.stringify(value)),
    fc.json(),
    fc.string(),
    fc.constant(undefined),
  ),
  type: fc.constantFrom(
    'application/json',
    'application/json',
    'text/csv',
    'application/x-ndjson',
    'text/plain',
  ),
  conditions: fc.dictionary(
    fc.constantFrom('if-match', 'idempotency-key', 'accept', 'if-none-match', 'x-request-id'),
    headerText,
    { maxKeys: 3 },
  ),
});

test('any request of an operator has an answer that is none of ours going wrong', async () => {
  expect(operations.length).toBeGreaterThan(30);
  await fc.assert(
    fc.asyncProperty(asked, async ({ which, parts, query, body, type, conditions }) => {
      const [method, template] = operations[which % operations.length]!;
      let part = 0;
      const path = template.replaceAll(/\{\w+\}/g, () => parts[part++ % parts.length] || 'x');
      const search = query.map((pair) => pair.join('=')).join('&');
      const answer = await whole.ask({
        ...{ method, path: `${path}${search === '' ? '' : `?${search}`}` },
        headers: { ...ADMIN, 'content-type': type, ...conditions },
        ...(method === 'GET' || body === undefined ? {} : { body }),
      });
      expectSound(answer);
    }),
    { numRuns: 600 },
  );
  expect(whole.errors).toEqual([]);
}, 90_000);
