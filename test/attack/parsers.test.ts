import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { holdsSeveralCredentials, readAuthorization } from '../../src/auth/authorization.ts';
import { createGuestCookie } from '../../src/auth/guest-cookie.ts';
import { beginsLikeJwt, readUnverifiedJwt } from '../../src/auth/unverified-jwt.ts';
import { buildCountingRules } from '../../src/config/build-counting-rules.ts';
import { buildPriceTable } from '../../src/config/build-price-table.ts';
import { createFindings } from '../../src/config/findings.ts';
import { addressBlockOf } from '../../src/http/limits.ts';
import { originForm } from '../../src/http/origin-form.ts';
import { createOrigins } from '../../src/http/origins.ts';
import { createRequestIds } from '../../src/http/request-id.ts';
import { parseEntry } from '../../src/ledger/journal/parse-entry.ts';
import { decodeLine, encodeLine } from '../../src/ledger/journal/record-line.ts';
import { isFromOwnPages } from '../../src/ops/same-origin.ts';
import { readCloudEvent } from '../../src/signals/event-stream/read-cloud-event.ts';
import { parseAddress } from '../../src/signals/webhook/address.ts';
import { parseCsvImport } from '../../src/steering/parse-csv-import.ts';
import { parseNdjsonImport } from '../../src/steering/parse-ndjson-import.ts';
import { headerText, hostileObject, hostileText } from './hostile-values.ts';

// Everything that reads what others wrote, with anything at all: a value or a refusal, never an exception.

const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array));
const one = <T>(arbitrary: fc.Arbitrary<T>, read: (given: T) => void, numRuns = 500) =>
  fc.assert(fc.property(arbitrary, read), { numRuns });

test('an Authorization header is a credential or none', () => {
  one(headerText, (text) => {
    for (const scheme of ['Bearer', 'Guest'] as const) {
      const found = readAuthorization(text, scheme);
      expect(found === undefined || text.toLowerCase().startsWith(scheme.toLowerCase())).toBe(true);
      expect(readAuthorization(`${scheme} ${text}`, scheme)).toBe(text.trim());
    }
    expect(typeof holdsSeveralCredentials(text)).toBe('boolean');
  });
});

test('a token that nobody verified is read or not', () => {
  const part = fc.oneof(fc.json(), hostileText).map((text) => Buffer.from(text).toString('base64url'));
  one(
    fc.oneof(
      headerText,
      fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.')),
    ),
    (token) => {
      expect(typeof beginsLikeJwt(token)).toBe('boolean');
      const read = readUnverifiedJwt(token);
      if (read === null) return;
      expect(typeof read.header.alg).toBe('string');
      // Nothing that could be verified here is ever brought to somebody else.
      expect(beginsLikeJwt(token)).toBe(true);
    },
  );
});

test('what is put into a guest cookie is found there, whatever other cookies there are', () => {
  const cookie = createGuestCookie(true);
  const services = fc.constantFrom('default', 'shop', 'a-b');
  const credential = fc
    .tuple(services, fc.stringMatching(/^[\w-]{1,40}$/))
    .map(([service, rest]) => `1.${service}.${rest}`);
  const others = fc.array(
    fc.tuple(
      fc.stringMatching(/^[A-Za-z_-]{1,12}$/),
      headerText.map((text) => text.replaceAll(/[;,]/g, '')),
    ),
    { maxLength: 4 },
  );
  one(
    fc.tuple(others, fc.array(credential, { maxLength: 9 }), services),
    ([beside, credentials, service]) => {
      const header = [
        ...beside.map((pair) => pair.join('=')),
        `__Host-mg_guest=${credentials.join('~')}`,
      ].join('; ');
      const own = `1.${service}.own`;
      const value = cookie.put(header, service, own);
      expect(cookie.find(`__Host-mg_guest=${value}`, service)).toBe(own);
      const left = cookie.drop(`__Host-mg_guest=${value}`, service);
      expect(cookie.find(left === null ? undefined : `__Host-mg_guest=${left}`, service)).toBeUndefined();
    },
  );
});

test('an address belongs to a block', () => {
  one(fc.oneof(hostileText, fc.ipV4(), fc.ipV4Extended(), fc.ipV6()), (address) => {
    expect(addressBlockOf(address)).toMatch(/^(?:unknown|\d{1,3}(?:\.\d{1,3}){3}\/24|[0-9a-f:]+::\/48)$/);
  });
  one(fc.ipV4(), (address) => expect(addressBlockOf(`::ffff:${address}`)).toBe(addressBlockOf(address)));
});

test('an origin is trusted when it is ours, and for nothing that it is made of', () => {
  const origins = createOrigins('https://chat.example', ['https://app.example']);
  const near = fc
    .tuple(hostileText, fc.constantFrom('https://chat.example', 'https://app.example'), hostileText)
    .map((parts) => parts.join(''));
  one(fc.oneof(hostileText, near, fc.webUrl()), (origin) => {
    const own = origin === 'https://chat.example' || origin === 'https://app.example';
    expect(origins.trusts(origin, 'chat.example')).toBe(own);
    expect(origins.allows(origin)).toBe(origin === 'https://app.example');
    const write = {
      method: 'POST',
      fetchSite: undefined,
      fetchMode: undefined,
      origin,
      host: 'chat.example',
    };
    expect(isFromOwnPages(write, 'https://chat.example')).toBe(
      URL.canParse(origin) && origin === 'https://chat.example',
    );
  });
});

test('a request target becomes a path, and stays the one it is', () => {
  one(fc.oneof(hostileText, fc.webUrl(), fc.webPath()), (target) => {
    const path = originForm(target.replaceAll(/\p{Cs}/gu, ''));
    expect(path.startsWith('/')).toBe(true);
    expect(originForm(path)).toBe(path);
  });
});

test('the id of a request is plain, whatever was asked for', () => {
  const requestIds = createRequestIds();
  one(fc.oneof(hostileText, fc.array(hostileText)), (given) => {
    expect(requestIds(given)).toMatch(/^[A-Za-z0-9._-]{1,64}$/);
  });
});

test('a line of the journal comes back as it was, and a damaged one does not', () => {
  const line = fc.oneof(hostileText, fc.json()).map((text) => text.replaceAll('\n', ' '));
  one(fc.tuple(line, fc.nat(), fc.nat(255)), ([text, at, other]) => {
    const encoded = encodeLine(text).slice(0, -1);
    expect(decodeLine(encoded)).toBe(text);
    const place = at % encoded.length;
    const damaged = encoded.slice(0, place) + String.fromCharCode(other) + encoded.slice(place + 1);
    if (damaged !== encoded) expect(decodeLine(damaged)).toBeNull();
  });
});

test('an entry of the journal is one, or none', () => {
  const fields = [
    'kind',
    'service',
    'evidence',
    'marks',
    'at',
    'identity',
    'signal',
    'month',
    'id',
    'mint',
    'className',
    'issuedAt',
  ];
  const entry = fc
    .tuple(fc.constantFrom('evidence', 'mint', 'other'), hostileObject(fields))
    .map(([kind, rest]) => ({ ...(rest as object), kind }));
  one(
    fc.oneof(
      entry.map((value) => JSON.stringify(value)),
      fc.json(),
      hostileText,
    ),
    (text) => {
      expect(() => parseEntry(text)).not.toThrow();
    },
  );
});

test('imports are lines or faults, each with its place', async () => {
  const row = fc.tuple(hostileText, hostileText, hostileText);
  const csv = fc
    .array(row)
    .map((rows) => [['issuer', 'subject', 'identity'], ...rows].map((cells) => cells.join(',')).join('\n'));
  const ndjson = fc
    .array(hostileObject(['issuer', 'subject', 'identity', 'class']))
    .map((rows) => rows.map((value) => JSON.stringify(value)).join('\n'));
  const body = fc.oneof(
    bytes,
    csv.map((text) => Buffer.from(text)),
    ndjson.map((text) => Buffer.from(text)),
  );
  await fc.assert(
    fc.asyncProperty(body, async (given) => {
      for (const parse of [parseCsvImport, parseNdjsonImport]) {
        for await (const { line } of parse(given)) expect(line).toBeGreaterThanOrEqual(1);
      }
    }),
    { numRuns: 300 },
  );
});

test('price tables and counting rules are read, or their faults are told', () => {
  const words = fc.constantFrom(
    ...[
      'name: x\n',
      'tiers:\n',
      '  - { upTo: 1, price: 2 }\n',
      'low: [',
      'high: [minted]\n',
      'unit: identities\n',
      'statements:\n',
    ],
    ...[
      'currency: USD\n',
      'source: "',
      '__proto__: 1\n',
      '&a ',
      '*a',
      '- ',
      ': ',
      '1e309\n',
      '-1\n',
      'null\n',
      '{',
      '}',
      ']',
      '\t',
    ],
  );
  one(fc.array(fc.oneof(words, hostileText), { maxLength: 25 }), (pieces) => {
    for (const build of [buildCountingRules, buildPriceTable]) {
      const findings = createFindings();
      const read = build(pieces.join(''), 'file.yaml', findings);
      expect(read === null).toBe(findings.faults.length > 0);
    }
  });
});

test('what claims to be an event or an address is one, or none', () => {
  const event = hostileObject([
    'type',
    'time',
    'data',
    'specversion',
    'Author',
    'author',
    'messaging_binding',
  ]);
  one(fc.oneof(event, fc.jsonValue()), (value) => {
    const params = readCloudEvent(value);
    if (params !== null) expect(Object.getPrototypeOf(params)).toBe(Object.prototype);
  });
  one(hostileText, (text) => expect(() => parseAddress(text)).not.toThrow());
});
