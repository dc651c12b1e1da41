import fc from 'fast-check';
import { hostileObject, hostileText } from './hostile-values.ts';

/** What somebody answers who is asked by the gateway. */
export interface GivenAnswer {
  status: number;
  text: string;
}

/** What a member of an answer can be instead of what it should be. */
export const hostileMember: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, 0, -1, 0.5, 1e308, [], {}, '', [[]]) },
  { weight: 1, arbitrary: fc.integer() },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

const status = fc.oneof(
  { weight: 6, arbitrary: fc.constant(200) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(201, 204, 206, 301, 302, 304, 400, 401, 403, 404, 418, 429, 500, 503),
  },
);

/** Any status, and a body that is JSON of the given members, JSON of any kind, cut off, or no JSON at all. */
export function hostileAnswer(members: readonly string[]): fc.Arbitrary<GivenAnswer> {
  const json = fc
    .oneof(
      hostileObject(members),
      fc.jsonValue({ maxDepth: 4 }),
      fc.array(hostileObject(members), { maxLength: 3 }),
    )
    .map((value) => JSON.stringify(value) ?? 'null');
  const text = fc.oneof(
    { weight: 4, arbitrary: json },
    { weight: 1, arbitrary: fc.tuple(json, fc.nat(40)).map(([whole, cut]) => whole.slice(0, -1 - cut)) },
    { weight: 1, arbitrary: hostileText },
    {
      weight: 1,
      arbitrary: fc.constantFrom('[', '{"a":', '<html>', `${'['.repeat(20_000)}`, 'null', '"x"', '1'),
    },
  );
  return fc.record({ status, text });
}

/** As `fetch` would give it. */
export function toResponse({ status: code, text }: GivenAnswer): Response {
  const isEmpty = [204, 304].includes(code);
  return new Response(isEmpty ? null : text, {
    status: code,
    headers: { 'content-type': 'application/json' },
  });
}
