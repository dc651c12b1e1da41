import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { headerText, hostileObject } from './hostile-values.ts';
import { expectSound, openWholeGateway, PUBLIC_URL, type WholeGateway } from './whole-gateway.ts';

// What browsers and those who pretend to be one can send.

let whole: WholeGateway;
beforeAll(async () => {
  whole = await openWholeGateway();
});
afterAll(() => whole.close());

const ROUTES = [
  '/v1/tokens',
  '/v1/guests',
  '/v1/links',
  '/v1/beacons',
  '/v1/me/unread',
  '/token',
  '/ops/login',
  '/ops/theme',
];
const FIELDS = [
  'intent',
  'service',
  'tabState',
  'device',
  'humanToken',
  'credential',
  'want',
  'token',
  'state',
  'at',
  'identity',
  'password',
];

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const body = fc.oneof(
  hostileObject(FIELDS).map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string(),
  bytes,
);
const credential = fc.oneof(
  headerText,
  headerText.map((text) => `Bearer ${text}`),
  headerText.map((text) => `Guest ${text}`),
  fc
    .tuple(headerText, headerText, headerText)
    .map((parts) => `Bearer ${parts.map((part) => Buffer.from(part).toString('base64url')).join('.')}`),
  fc
    .json()
    .map(
      (json) =>
        `Bearer ${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${Buffer.from(json).toString('base64url')}.AAAA`,
    ),
  fc.constant('a login'),
);
const cookie = fc
  .array(
    fc.tuple(
      fc.oneof(
        fc.constantFrom('__Host-mg_guest', 'mg_guest', '__Host-mg_ops', 'mg_theme', '__proto__'),
        headerText,
      ),
      headerText,
    ),
    { maxLength: 5 },
  )
  .map((pairs) => pairs.map((pair) => pair.join('=')).join('; '));

test('any request of a browser has an answer that is none of ours going wrong', async () => {
  const asked = fc.record({
    path: fc.constantFrom(...ROUTES),
    method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'PUT', 'OPTIONS', 'HEAD'),
    type: fc.oneof(
      fc.constantFrom('application/json', 'text/plain', 'application/x-www-form-urlencoded'),
      headerText,
    ),
    ...{ body, credential, cookie },
    sends: fc.subarray([
      'authorization',
      'cookie',
      'origin',
      'x-api-key',
      'x-subject',
      'user-agent',
    ] as const),
    header: headerText,
  });
  await fc.assert(
    fc.asyncProperty(asked, async ({ path, method, type, body: sent, sends, header, ...given }) => {
      const values = {
        ...{
          authorization: given.credential === 'a login' ? whole.login : given.credential,
          cookie: given.cookie,
        },
        ...{ origin: PUBLIC_URL, 'x-api-key': header, 'x-subject': header, 'user-agent': header },
      };
      const headers = {
        'content-type': type,
        ...Object.fromEntries(sends.map((name) => [name, values[name]])),
      };
      const answer = await whole.ask({ method, path, headers, ...(method === 'GET' ? {} : { body: sent }) });
      expectSound(answer);
    }),
    { numRuns: 600 },
  );
  expect(whole.errors).toEqual([]);
}, 90_000);
