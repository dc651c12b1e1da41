import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { identityLookupSchema } from '../../src/contract/identity-lookup.ts';
import type { Identity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createOperatorApp, type OperatorApp } from '../ops/operator-app.ts';
import { ISSUER, ownIdentity } from '../ops/own-identity.ts';
import { mintTokens, recordActs } from '../reports/fill-month.ts';
import { CSV, lookUp, NDJSON } from './lookup-kit.ts';
import { steer } from './steer.ts';

let gateway: OperatorApp;
let send: ReturnType<typeof steer>;
beforeEach(() => {
  gateway = createOperatorApp();
  send = steer(gateway);
});
afterEach(() => gateway.ledger.close());

const AT = '2026-11-20T20:00:00Z';
const ada = ownIdentity('ada') as Identity;
const eve = ownIdentity('eve') as Identity;

/** What a row says of a person of whom nothing is known. */
const unknown = (subject: string, line: number, className = 'member') => ({
  ...{ subject, issuer: ISSUER, class: className, line },
  ...{ own: ownIdentity(subject, className), identity: ownIdentity(subject, className) },
  ...{ counted: false, firstSeen: null, lastSeen: null, mints: 0, signals: [] },
});
const seen = { counted: true, firstSeen: AT, lastSeen: AT, mints: 1, signals: ['minted'] };

describe('POST /v1/identity-lookups', () => {
  it.each([
    ['CSV', CSV, `\ufeffname,subject,plan\r\nAda,ada,pro\r\n\r\n"Eve, of old",eve,free\r\n`, [2, 4]],
    [
      'NDJSON',
      NDJSON,
      '{"subject":"ada","name":"Ada"}\n{"subject":"eve","plan":{"id":7},"class":null}',
      [1, 2],
    ],
  ])(
    'says of the people of %s who they are, and whether the month has them',
    async (_what, type, list, lines) => {
      await mintTokens(gateway.ledger, [{ identity: ada, at: AT }]);
      const { body } = await lookUp(gateway, list, undefined, { 'Content-Type': type }).expect(200);
      expect(identityLookupSchema.strict().parse(body)).toEqual({
        ...{ service: 'default', month: '2026-11', rows: 2 },
        items: [{ ...unknown('ada', lines[0] ?? 0), ...seen }, unknown('eve', lines[1] ?? 0)],
      });
    },
  );

  it('follows links and adoptions: the identity is that of the exports', async () => {
    const links = [{ own: ada, effective: 'chat-ada' as Identity }];
    await gateway.ledger.change(DEFAULT_SERVICE, { kind: 'link', links }, changeTerms());
    await mintTokens(gateway.ledger, [
      { identity: ada, at: AT },
      { identity: 'g_browser', at: AT, className: 'guest' },
    ]);
    const adoption = { guest: 'g_browser' as Identity, member: eve, at: Date.parse(AT) };
    await gateway.ledger.adopt(DEFAULT_SERVICE, adoption);
    const { body } = await lookUp(gateway, 'subject\nada\neve\n').expect(200);
    expect(body.items).toEqual([
      { ...unknown('ada', 2), ...seen, identity: 'chat-ada' },
      { ...unknown('eve', 3), ...seen, identity: 'g_browser' },
    ]);
    const listed = (await send.get('/v1/months/2026-11/identities')).body.items;
    const names = new Set(listed.map(({ identity }: { identity: string }) => identity));
    expect(names).toEqual(new Set(['chat-ada', 'g_browser']));
    const [mint] = (await send.get('/v1/months/2026-11/mints')).body.items;
    expect(mint).toMatchObject({ subject: ada, identity: 'chat-ada' });
  });

  it('gives each class under which somebody was counted, and one row for whoever was not', async () => {
    const asAgent = ownIdentity('ada', 'agent');
    await mintTokens(gateway.ledger, [
      { identity: ada, at: AT },
      { identity: asAgent, at: AT, className: 'agent' },
      { identity: ownIdentity('tim', 'agent'), at: AT, className: 'agent' },
    ]);
    const { body } = await lookUp(gateway, 'subject,class\nada,\ntim,\nada,agent\neve,agent\neve,\n').expect(
      200,
    );
    expect(body.rows).toBe(5);
    expect(body.items).toEqual([
      { ...unknown('ada', 2), ...seen },
      { ...unknown('ada', 2, 'agent'), ...seen },
      { ...unknown('tim', 3, 'agent'), ...seen },
      { ...unknown('ada', 4, 'agent'), ...seen },
      unknown('eve', 5, 'agent'),
      unknown('eve', 6),
    ]);
  });

  it('without a month says only who they are', async () => {
    await mintTokens(gateway.ledger, [{ identity: ada, at: AT }]);
    const { body } = await lookUp(gateway, 'subject\nada\n', '?reason=audit').expect(200);
    expect(identityLookupSchema.strict().parse(body)).toEqual({
      ...{ service: 'default', month: null, rows: 1 },
      items: [{ subject: 'ada', issuer: ISSUER, own: ada, identity: ada, class: 'member', line: 2 }],
    });
  });

  it('does not name whom an operator erased, nor their pseudonym', async () => {
    await mintTokens(gateway.ledger, [
      { identity: ada, at: AT },
      { identity: eve, at: AT },
    ]);
    await send.post('/v1/erasures', { issuer: ISSUER, subject: 'ada', reason: 'asked for it' }).expect(200);
    const answer = await lookUp(gateway, 'subject\nada\neve\n').expect(200);
    expect(answer.body.items).toEqual([unknown('ada', 2), { ...unknown('eve', 3), ...seen }]);
    expect(answer.text).not.toContain('erased_');
    expect((await send.get('/v1/months/2026-11')).body.identities.total).toBe(2);
  });

  it('looks in the service that is asked for, and at the current month by that name', async () => {
    await mintTokens(gateway.ledger, [{ identity: ada, at: AT }]);
    const { body } = await lookUp(gateway, 'subject\nada\n', '?reason=x&month=current&service=shop').expect(
      200,
    );
    expect(body).toMatchObject({ service: 'shop', month: '2026-11', items: [{ counted: false }] });
  });

  it('tells what evidence told, also under a class of its own', async () => {
    await recordActs(gateway.ledger, [{ identity: ada, signal: 'messaged', at: AT }]);
    const { body } = await lookUp(gateway, 'subject\nada\n').expect(200);
    expect(body.items).toMatchObject([{ class: 'member', counted: true, mints: 0, signals: ['messaged'] }]);
  });

  it('writes down who asked, why and for how many, and nobody’s name', async () => {
    await lookUp(gateway, 'subject\nada\neve\n', '?reason=invoice%20of%20November&month=2026-11').expect(200);
    await lookUp(gateway, 'subject\nada\n', '?reason=support').expect(200);
    const entries = await send.audit();
    expect(entries).toMatchObject([
      { action: 'identities.name', target: 'identities', after: { rows: 1 }, reason: 'support' },
      {
        ...{ action: 'identities.name', target: 'identities of 2026-11', after: { rows: 2 } },
        ...{ reason: 'invoice of November', by: 'the admin', role: 'admin', before: null },
      },
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/ada|eve|m_/);
  });
});

describe('the answer', () => {
  it('as CSV begins no cell as a formula does, and is a file', async () => {
    await mintTokens(gateway.ledger, [{ identity: ada, at: AT }]);
    const list = 'subject\nada\n=cmd()\n+49170\n"with ""quotes"", and more"\n';
    const answer = await lookUp(gateway, list, undefined, { Accept: 'text/csv' }).expect(200);
    expect(answer.headers).toMatchObject({
      ...{ 'content-type': 'text/csv; charset=utf-8', 'cache-control': 'no-store', vary: 'Accept' },
      'content-disposition': 'attachment; filename="mau-guard-default-2026-11-names.csv"',
    });
    const [header = '', first = ''] = answer.text.split('\r\n');
    expect(header).toBe('subject,issuer,own,identity,class,line,counted,firstSeen,lastSeen,mints,signals');
    expect(first).toBe(`ada,${ISSUER},${ada},${ada},member,2,true,${AT},${AT},1,minted`);
    const subjects = parse(answer.text, { columns: true }).map((row) => (row as { subject: string }).subject);
    expect(subjects).toEqual(['ada', "'=cmd()", "'+49170", 'with "quotes", and more']);
  });

  it('as NDJSON is a row a line, with texts as they are', async () => {
    const answer = await lookUp(gateway, '{"subject":"=ünï\\n"}', '?reason=x', {
      ...{ 'Content-Type': NDJSON, Accept: NDJSON },
    }).expect(200);
    expect(answer.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const own = ownIdentity('=ünï\n');
    expect(answer.text).toBe(
      `${JSON.stringify({ subject: '=ünï\n', issuer: ISSUER, own, identity: own, class: 'member', line: 1 })}\n`,
    );
  });

  it.each([
    ['application/json', '{"service":"default","month":null,"rows":0,"items":[]}'],
    ['text/csv', 'subject,issuer,own,identity,class,line\r\n'],
    [NDJSON, ''],
  ])('to an empty list, as %s', async (Accept, text) => {
    const answer = await lookUp(gateway, 'subject\n', '?reason=x', { Accept }).buffer(true).expect(200);
    expect(answer.text).toBe(text);
  });

  it('to a list of thousands has every line, in order', async () => {
    const subjects = Array.from({ length: 2_500 }, (_, at) => `person-${at}`);
    const counted = subjects.filter((_, at) => at % 7 === 0);
    await mintTokens(
      gateway.ledger,
      counted.map((subject) => ({ identity: ownIdentity(subject), at: AT })),
    );
    const { body } = await lookUp(gateway, `subject\n${subjects.join('\n')}\n`).expect(200);
    const { items } = identityLookupSchema.parse(body);
    expect(items.map(({ subject }) => subject)).toEqual(subjects);
    expect(items.filter((row) => row.counted).map(({ subject }) => subject)).toEqual(counted);
  });
});

function changeTerms() {
  const audit = {
    ...{ at: Date.parse(AT), by: 'kim', role: 'admin', action: 'test', target: 'links' },
    ...{ before: null, after: null, reason: 'a test', requestId: 'r1' },
  };
  return { audit, expected: null, idempotency: null };
}
