import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { erasureReportSchema } from '../../src/contract/erasure.ts';
import type { Identity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createOperatorApp, FINANCE, type OperatorApp } from '../ops/operator-app.ts';
import { ISSUER, ownIdentity } from '../ops/own-identity.ts';
import { mintTokens, recordActs } from '../reports/fill-month.ts';
import { pointersOf, steer } from './steer.ts';

let gateway: OperatorApp;
let send: ReturnType<typeof steer>;
beforeEach(() => {
  gateway = createOperatorApp();
  send = steer(gateway);
});
afterEach(() => gateway.ledger.close());

const PERSON = { issuer: ISSUER, subject: 'ada', reason: 'request 77' };

/** Everything that operators can be shown. */
async function everything(): Promise<string> {
  const paths = ['2026-11/identities', '2026-11/mints', '2026-10/identities', '2026-10/mints'].map(
    (path) => `/v1/months/${path}`,
  );
  const answers = await Promise.all([...paths, '/v1/audit'].map((path) => send.get(path).expect(200)));
  return answers.map(({ text }) => text).join('\n');
}

describe('POST /v1/erasures', () => {
  it('puts a pseudonym everywhere, for every class the person may have had; counts stay', async () => {
    await mintTokens(gateway.ledger, [
      { identity: ownIdentity('ada', 'agent'), at: '2026-10-10T10:00:00Z', className: 'agent' },
      { identity: ownIdentity('ada'), at: '2026-11-10T10:00:00Z' },
      { identity: ownIdentity('eve'), at: '2026-11-10T10:00:00Z' },
    ]);
    await recordActs(gateway.ledger, [
      { identity: ownIdentity('ada'), signal: 'connected', at: '2026-11-10T10:01:00Z' },
    ]);
    const before = (await send.get('/v1/months')).body.months;
    const { body } = await send.post('/v1/erasures', PERSON).expect(200);
    expect(erasureReportSchema.strict().parse(body)).toEqual({
      ...{ service: 'default', erased: 2, months: ['2026-11', '2026-10'], archiveForgets: false },
    });
    const told = await everything();
    expect(told).not.toContain(ownIdentity('ada'));
    expect(told).not.toContain(ownIdentity('ada', 'agent'));
    expect(told).not.toContain('"ada"');
    expect(told).toContain(ownIdentity('eve'));
    expect(told).toMatch(/"erased_[\w-]{22}"/);
    expect((await send.get('/v1/months')).body.months).toEqual(before);
    await send.get(`/v1/identities/${ownIdentity('ada')}`).expect(404);
  });

  it('reaches the identity that the person is served as, and drops the link', async () => {
    const [guest, member] = ['g_of_ada', ownIdentity('ada')] as Identity[];
    if (guest === undefined || member === undefined) throw new Error('both are named');
    await mintTokens(gateway.ledger, [{ identity: guest, at: '2026-11-10T10:00:00Z', className: 'guest' }]);
    await gateway.ledger.adopt(DEFAULT_SERVICE, { guest, member, at: gateway.clock.now() });
    const { body } = await send.post('/v1/erasures', PERSON).expect(200);
    expect(body).toMatchObject({ erased: 2, months: ['2026-11'] });
    expect(await everything()).not.toContain(guest);
    expect(await gateway.ledger.linksOf(DEFAULT_SERVICE, [member])).toEqual([null]);
    // Void for good: whoever still holds the guest's credential must not be served as what the member was.
    const { body: file } = await send.get(`/v1/identities/${guest}`).expect(200);
    expect(file).toMatchObject({ months: [], links: { servedFor: expect.stringMatching(/^erased_/) } });
  });

  it('makes the person somebody new', async () => {
    const mint = { identity: ownIdentity('ada'), at: '2026-11-10T10:00:00Z' };
    await mintTokens(gateway.ledger, [mint]);
    await send.post('/v1/erasures', PERSON).expect(200);
    await mintTokens(gateway.ledger, [{ ...mint, at: '2026-11-20T10:00:00Z' }]);
    expect((await send.get('/v1/months/current')).body.identities.total).toBe(2);
  });

  it('answers zero for somebody unknown, and for one already erased', async () => {
    await mintTokens(gateway.ledger, [{ identity: ownIdentity('ada'), at: '2026-11-10T10:00:00Z' }]);
    const nobody = { service: 'default', erased: 0, months: [], archiveForgets: false };
    expect((await send.post('/v1/erasures', { ...PERSON, subject: 'eve' })).body).toEqual(nobody);
    await send.post('/v1/erasures', PERSON);
    expect((await send.post('/v1/erasures', PERSON)).body).toEqual(nobody);
  });

  it('gives the same answer under the same key', async () => {
    await mintTokens(gateway.ledger, [{ identity: ownIdentity('ada'), at: '2026-11-10T10:00:00Z' }]);
    const key = { 'Idempotency-Key': 'e1' };
    const first = await send.post('/v1/erasures', PERSON, key).expect(200);
    expect((await send.post('/v1/erasures', PERSON, key).expect(200)).text).toBe(first.text);
    expect(first.body.erased).toBe(1);
  });

  it('leaves an entry that names neither the person nor a pseudonym', async () => {
    await mintTokens(gateway.ledger, [{ identity: ownIdentity('ada'), at: '2026-11-10T10:00:00Z' }]);
    await send.post('/v1/erasures', PERSON);
    const [entry] = await send.audit();
    expect(entry).toMatchObject({
      ...{ action: 'person.erase', target: 'a person', before: null, reason: 'request 77' },
      after: { erased: 1, months: ['2026-11'] },
    });
    expect(JSON.stringify(entry)).not.toMatch(/ada|erased_/);
  });

  it('needs issuer, subject, reason and an admin', async () => {
    expect(pointersOf(await send.post('/v1/erasures', {}).expect(400))).toEqual([
      ...['/issuer', '/subject', '/reason'],
    ]);
    await send.post('/v1/erasures', PERSON, FINANCE).expect(403);
    expect(await send.audit()).toEqual([]);
  });
});
