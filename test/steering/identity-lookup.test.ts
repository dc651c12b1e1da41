import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import type { Identity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createIdentityResolver } from '../../src/issue/resolve-identity.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import {
  createLookupDesk,
  type LookupDeskParts,
  type NamedPerson,
  type PeopleList,
} from '../../src/steering/identity-lookup.ts';
import { createNoteDesk } from '../../src/steering/note-desk.ts';
import type { WriteTerms } from '../../src/steering/operator-write.ts';
import { monthNamed } from '../ledger/contract/builders.ts';
import { mintTokens } from '../reports/fill-month.ts';

const ISSUER = 'https://login.example';
const MONTH = monthNamed('2026-11');
const AT = '2026-11-20T20:00:00Z';
const TERMS: WriteTerms = {
  ...{ operator: { name: 'kim', role: 'admin' }, nowMs: Date.parse(AT), reason: 'a test', requestId: 'r1' },
  ...{ ifMatch: null, repeatable: null },
};

let ledger: Ledger;
beforeAll(() => {
  ledger = openSqliteLedger({ path: ':memory:' });
});
afterAll(() => ledger.close());

function resolver(strategy: 'opaque' | 'claim') {
  return createIdentityResolver({
    ...{ strategy, secret: 'an identity secret of at least 32 bytes', foldCase: false, rememberedMax: 1 },
    prefixes: { member: 'm_', agent: 'a_' },
  });
}

function deskOf(parts: Partial<LookupDeskParts> = {}) {
  return createLookupDesk({
    ...{ ledger, notes: createNoteDesk({ ledger }), hasLostPeople: async () => false },
    ...{ resolveIdentity: resolver('opaque'), issuers: [ISSUER], classes: ['member', 'agent'] },
    ...parts,
  });
}

/** Everybody of a list, or the pointers of its faults. */
async function name(list: PeopleList, parts?: Partial<LookupDeskParts>): Promise<NamedPerson[] | string[]> {
  const lookup = await deskOf(parts).run(DEFAULT_SERVICE, list, MONTH, TERMS);
  if ('outcome' in lookup) {
    return (lookup as { errors?: { pointer: string }[] }).errors?.map(({ pointer }) => pointer) ?? [];
  }
  const people: NamedPerson[] = [];
  for await (const page of lookup.people) people.push(...page);
  return people;
}

const csvOf = (subjects: readonly string[]): PeopleList => ({
  format: 'csv',
  body: Buffer.from(
    stringify([['subject', 'note'], ...subjects.map((subject) => [subject, '"'])], { quoted: true }),
  ),
});
const ndjsonOf = (subjects: readonly string[]): PeopleList => ({
  format: 'ndjson',
  body: Buffer.from(subjects.map((subject) => JSON.stringify({ subject, note: [{}] })).join('\n')),
});

describe('a list', () => {
  test('gives each line its person, whatever is written in it, in both formats', async () => {
    const subject = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => text.trim() !== '');
    const resolve = resolver('opaque');
    await fc.assert(
      fc.asyncProperty(fc.array(subject, { maxLength: 8 }), async (subjects) => {
        for (const list of [csvOf(subjects), ndjsonOf(subjects)]) {
          const people = (await name(list)) as NamedPerson[];
          expect(people.map((person) => person.subject)).toEqual(subjects);
          for (const { own, identity, className, subject: named } of people) {
            const caller = { issuer: ISSUER, subject: named, className, tenant: null, display: null };
            expect(resolve({ ...caller, via: 'bearer' })).toMatchObject({ identity: own });
            expect(identity).toBe(own);
          }
        }
      }),
    );
  });

  test('of any bytes is named or refused with lines, and never breaks anything', async () => {
    const piece = fc.constantFrom(
      'subject',
      'class',
      'issuer',
      ',',
      '"',
      '\n',
      '\r',
      '{',
      '}',
      ':',
      'member',
      '\ufeff',
      'ü',
    );
    const words = fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join('')));
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
    const body = fc.oneof(words, bytes);
    await fc.assert(
      fc.asyncProperty(
        body,
        fc.constantFrom<PeopleList['format']>('csv', 'ndjson'),
        async (content, format) => {
          for (const told of await name({ format, body: content })) {
            if (typeof told === 'string') expect(told).toMatch(/^line \d+(, (subject|issuer|class))?$/);
            else expect(told.subject.trim()).not.toBe('');
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  test('is held against the ledger in pieces, each in one call and small enough for others to be served between', async () => {
    const sizes: number[] = [];
    const watched: LookupDeskParts['ledger'] = {
      findPeople: (service, own, month) => {
        sizes.push(own.length);
        return ledger.findPeople(service, own, month);
      },
    };
    const subjects = Array.from({ length: 1_301 }, (_, at) => `person-${at}`);
    expect(await name(csvOf(subjects), { ledger: watched })).toHaveLength(1_301);
    expect(sizes).toEqual([...Array(10).fill(250), 102]);
  });
});

describe('where logins name the identity themselves', () => {
  const claim = { resolveIdentity: resolver('claim') };

  test('everybody is who they say, with the class that the month knows', async () => {
    await mintTokens(ledger, [{ identity: 'claimed', at: AT, className: 'agent' }]);
    expect(await name(csvOf(['claimed', 'other']), claim)).toMatchObject([
      { own: 'claimed', identity: 'claimed', className: 'agent', record: { mints: 1 } },
      { own: 'other', identity: 'other', className: 'member', record: null },
    ]);
  });

  test('whoever cannot be an identity has none, and the others are named all the same', async () => {
    expect(await name(csvOf(['Ada Lovelace', 'ada']), claim)).toEqual([
      {
        line: 2,
        issuer: ISSUER,
        subject: 'Ada Lovelace',
        className: 'member',
        own: null,
        identity: null,
        record: null,
      },
      expect.objectContaining({ own: 'ada', identity: 'ada' }),
    ]);
  });

  test('an identity that somebody else has taken over is nobody’s', async () => {
    const links = [{ own: 'new-name' as Identity, effective: 'old-name' as Identity }];
    const audit = { ...TERMS, by: 'kim', role: 'admin', at: Date.parse(AT), action: 'link', target: 'x' };
    await ledger.change(
      DEFAULT_SERVICE,
      { kind: 'link', links },
      { audit: { ...audit, before: null, after: null }, expected: null, idempotency: null },
    );
    expect(await name(csvOf(['new-name', 'old-name']), claim)).toMatchObject([
      { own: 'new-name', identity: 'old-name' },
      { own: 'old-name', identity: null, record: null },
    ]);
  });
});

test('several issuers have to be told apart', async () => {
  const issuers = [ISSUER, 'https://other.example'];
  const list = (issuer: string): PeopleList => ({
    format: 'csv',
    body: Buffer.from(`subject,issuer\nada,${issuer}\n`),
  });
  expect(await name(list(''), { issuers })).toEqual(['line 2, issuer']);
  const [first, other] = await Promise.all(issuers.map((issuer) => name(list(issuer), { issuers })));
  expect(first).toMatchObject([{ own: expect.stringMatching(/^m_/), issuer: ISSUER }]);
  expect((first?.[0] as NamedPerson).own).not.toBe((other?.[0] as NamedPerson).own);
});
