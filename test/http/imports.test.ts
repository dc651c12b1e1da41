import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request, { type Test } from 'supertest';
import { importReportSchema } from '../../src/contract/steering.ts';
import type { Identity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { ADMIN, createOperatorApp, FINANCE, type OperatorApp } from '../ops/operator-app.ts';
import { ISSUER, ownIdentity } from '../ops/own-identity.ts';
import { mintTokens } from '../reports/fill-month.ts';
import { pointersOf, steer } from './steer.ts';

let gateway: OperatorApp;
let send: ReturnType<typeof steer>;
beforeEach(() => {
  gateway = createOperatorApp();
  send = steer(gateway);
});
afterEach(() => gateway.ledger.close());

const CSV = 'text/csv; charset=utf-8';
const NDJSON = 'application/x-ndjson';

function post(body: string | Buffer, query = '?reason=moving', headers: Record<string, string> = {}): Test {
  return request(gateway.app)
    .post(`/v1/identity-imports${query}`)
    .set({ ...ADMIN, 'Content-Type': CSV, ...headers })
    .send(body);
}

function linksOf(...subjects: string[]): Promise<(Identity | null)[]> {
  const own = subjects.map((subject) => ownIdentity(subject) as Identity);
  return gateway.ledger.linksOf(DEFAULT_SERVICE, own);
}

const TWO = 'subject,identity\r\nada,chat-ada\r\neve,chat-eve\r\n';

describe('POST /v1/identity-imports', () => {
  it.each([
    ['CSV', CSV, `\ufeffidentity,subject\nchat-ada,ada\n\n"chat-eve","eve"\n`],
    [
      'CSV with every column',
      CSV,
      `class,issuer,subject,identity\n,${ISSUER},ada,chat-ada\nmember,,eve,chat-eve`,
    ],
    [
      'NDJSON',
      NDJSON,
      '{"subject":"ada","identity":"chat-ada"}\n\n{"subject":"eve","identity":"chat-eve","class":null}',
    ],
  ])('links the people of %s', async (_what, type, body) => {
    const answer = await post(body, '?reason=moving', { 'Content-Type': type }).expect(200);
    expect(importReportSchema.strict().parse(answer.body)).toEqual({
      ...{ service: 'default', dryRun: false, rows: 2, linked: 2, unchanged: 0, faultsTotal: 0, faults: [] },
    });
    expect(await linksOf('ada', 'eve')).toEqual(['chat-ada', 'chat-eve']);
  });

  it('buys nobody twice: the person goes on under the identity that Twilio has counted', async () => {
    await gateway.ledger.record(DEFAULT_SERVICE, [
      {
        ...{ identity: 'chat-ada' as Identity, signal: 'messaged', source: 'webhook', className: 'unknown' },
        at: Date.parse('2026-11-02T10:00:00Z'),
      },
    ]);
    await post(TWO).expect(200);
    await mintTokens(gateway.ledger, [{ identity: ownIdentity('ada'), at: '2026-11-20T20:00:00Z' }]);
    const { body } = await send.get('/v1/months/current');
    expect(body.identities.total).toBe(1);
  });

  it('says in a dry run what it would do, and does nothing', async () => {
    const { body } = await post(TWO, '?dryRun=true').expect(200);
    expect(body).toMatchObject({ dryRun: true, rows: 2, linked: 2, faults: [] });
    expect(await linksOf('ada')).toEqual([null]);
    expect(await send.audit()).toEqual([]);
  });

  it('may be sent again: what is so already is left as it is', async () => {
    await post(TWO).expect(200);
    const { body } = await post(`${TWO}tim,chat-tim\n`).expect(200);
    expect(body).toMatchObject({ rows: 3, linked: 1, unchanged: 2 });
  });

  it('writes an audit entry for each thousand', async () => {
    const rows = Array.from({ length: 2_300 }, (_, at) => `person-${at},chat-${at}`);
    const { body } = await post(['subject,identity', ...rows].join('\n')).expect(200);
    expect(body).toMatchObject({ rows: 2_300, linked: 2_300 });
    expect(await send.audit()).toMatchObject([
      { action: 'identities.import', target: 'new links 2001 to 2300 of 2300', after: { linked: 300 } },
      { target: 'new links 1001 to 2000 of 2300', after: { linked: 1000 } },
      { target: 'new links 1 to 1000 of 2300', after: { linked: 1000 }, reason: 'moving' },
    ]);
    expect(await linksOf('person-0', 'person-2299')).toEqual(['chat-0', 'chat-2299']);
  });

  it('gives the same answer under the same key, and none to another file', async () => {
    const key = { 'Idempotency-Key': 'i1' };
    const first = await post(TWO, '?reason=moving', key).expect(200);
    expect((await post(TWO, '?reason=moving', key).expect(200)).text).toBe(first.text);
    await post(`${TWO}tim,chat-tim\n`, '?reason=moving', key).expect(409);
  });
});

describe('faults of a file', () => {
  const FAULTY = [
    'subject,identity,class,issuer',
    `,chat-1,,`,
    `a,,,`,
    `b,chat one,,`,
    `c,${'x'.repeat(257)},,`,
    `d,US${'0'.repeat(32)},,`,
    `e,chat-e,vip,`,
    `f,chat-f,,https://other.example`,
    `g,chat-g,`,
    `h,chat-h,,`,
    `h,chat-h,,`,
    `h,chat-h2,,`,
    `i,chat-h,,`,
  ].join('\n');
  const POINTERS = [
    'line 2, subject',
    'line 3, identity',
    'line 4, identity',
    'line 5, identity',
    'line 6, identity',
    'line 7, class',
    'line 8, issuer',
    'line 9',
    'line 11, subject',
    'line 12, subject',
    'line 13, identity',
  ];

  it('are all listed with their lines, and nothing is written', async () => {
    const answer = await post(FAULTY).expect(400);
    expect(pointersOf(answer)).toEqual(POINTERS);
    expect(answer.body.detail).toContain('11 faults');
    expect(await linksOf('h')).toEqual([null]);
    expect(await send.audit()).toEqual([]);
  });

  it('are a 200 in a dry run, and never repeat what was written', async () => {
    const { body, text } = await post(FAULTY, '?dryRun=true').expect(200);
    expect(importReportSchema.parse(body)).toMatchObject({ rows: 12, linked: 1, faultsTotal: 11 });
    expect(body.faults[3]).toMatchObject({ line: 5, column: 'identity' });
    expect(text).not.toMatch(/chat|other\.example|vip/);
  });

  it('of NDJSON are found as well', async () => {
    const lines = ['{', '[]', '{"subject":1,"identity":"x"}', '{"sub":"a"}', '{"subject":"a"}'];
    const answer = await post(lines.join('\n'), undefined, { 'Content-Type': NDJSON }).expect(400);
    expect(pointersOf(answer)).toEqual(['line 1', 'line 2', 'line 3, subject', 'line 4', 'line 5, identity']);
  });

  it.each([
    ['nothing at all', '', ['line 1']],
    ['no header', 'ada,chat-ada', ['line 1', 'line 1', 'line 1', 'line 1']],
    ['an unknown and a repeated column', 'subject,subject,identity,name\n', ['line 1', 'line 1']],
    ['a quote that never ends', 'subject,identity\n"ada,chat-ada\neve,chat-eve\n', ['line 2']],
    ['a line that never ends', `subject,identity\nada,chat-ada\neve,${'x'.repeat(9_000)}\n`, ['line 3']],
  ])('%s', async (_what, body, pointers) => {
    expect(pointersOf(await post(body).expect(400))).toEqual(pointers);
  });

  it('are listed up to a thousand, and counted beyond', async () => {
    const rows = Array.from({ length: 1_200 }, (_, at) => `p${at},`);
    const answer = await post(['subject,identity', ...rows].join('\n')).expect(400);
    expect(answer.body.errors).toHaveLength(1_000);
    expect(answer.body.detail).toContain('1,200 faults; the first 1,000 are listed');
  });
});

describe('what contradicts the ledger', () => {
  const refusal = async (row: string) => {
    const answer = await post(`subject,identity\ntim,chat-tim\n${row}`).expect(409);
    expect(answer.body.code).toBe('conflict');
    expect(await linksOf('tim')).toEqual([null]);
    return answer.body.errors;
  };

  it('a person who was counted under their own identity this month', async () => {
    await mintTokens(gateway.ledger, [{ identity: ownIdentity('ada'), at: '2026-11-02T10:00:00Z' }]);
    expect(await refusal('ada,chat-ada')).toMatchObject([
      { pointer: 'line 3, subject', detail: expect.stringContaining('billed twice') },
    ]);
  });

  it('but not one who was counted last month', async () => {
    await mintTokens(gateway.ledger, [{ identity: ownIdentity('ada'), at: '2026-10-02T10:00:00Z' }]);
    await post(TWO).expect(200);
  });

  it('a person who is linked to another identity', async () => {
    await post('subject,identity\nada,chat-ada').expect(200);
    expect(await refusal('ada,chat-other')).toMatchObject([{ pointer: 'line 3, subject' }]);
  });

  it('an identity that serves somebody else', async () => {
    await post('subject,identity\nada,chat-ada').expect(200);
    expect(await refusal('eve,chat-ada')).toMatchObject([{ pointer: 'line 3, identity' }]);
  });
});

describe('a request that is refused', () => {
  it('for its words', async () => {
    expect(pointersOf(await post(TWO, '').expect(400))).toEqual(['?reason']);
    expect(pointersOf(await post(TWO, '?dryRun=yes&reson=x').expect(400))).toEqual([
      ...['?reson', '?dryRun', '?reason'],
    ]);
    await post(TWO, '?reason=x&service=none').expect(404);
    await post(TWO, '?reason=x', FINANCE).expect(403);
    await post(TWO, '?reason=x', { Authorization: 'Bearer wrong' }).expect(401);
  });

  it.each(['application/json', 'text/csv; charset=latin1', 'text/plain', ''])('for the type %j', (type) =>
    post(TWO, undefined, { 'Content-Type': type }).expect(415),
  );

  it('for its encoding or its bytes', async () => {
    await post(TWO, undefined, { 'Content-Encoding': 'gzip' }).expect(415);
    await post(Buffer.from([0x61, 0xff, 0x0a])).expect(400);
  });

  it('for its size, in bytes or rows', async () => {
    const large = Buffer.alloc(16 * 1024 * 1024 + 1, 'x');
    await post(large).expect(413);
    const rows = Array.from({ length: 100_001 }, (_, at) => `p${at},c${at}`);
    const answer = await post(['subject,identity', ...rows].join('\n')).expect(400);
    expect(answer.body.errors).toMatchObject([{ detail: expect.stringContaining('100000 rows') }]);
    await post(TWO).expect(200);
  });
});
