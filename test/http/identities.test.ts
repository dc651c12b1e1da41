import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { identityPageSchema } from '../../src/contract/steering.ts';
import type { Identity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createOperatorApp, FINANCE, type OperatorApp } from '../ops/operator-app.ts';
import { mintTokens, recordActs } from '../reports/fill-month.ts';
import { pointersOf, steer } from './steer.ts';

let gateway: OperatorApp;
let send: ReturnType<typeof steer>;
beforeEach(async () => {
  gateway = createOperatorApp();
  send = steer(gateway);
  await mintTokens(gateway.ledger, [
    { identity: 'm_a', at: '2026-10-10T10:00:30Z', tenant: 'acme' },
    { identity: 'm_a', at: '2026-11-02T10:00:30Z', tenant: 'acme' },
  ]);
  await recordActs(gateway.ledger, [{ identity: 'm_a', signal: 'connected', at: '2026-11-02T10:01:00Z' }]);
});
afterEach(() => gateway.ledger.close());

describe('GET /v1/identities/{identity}', () => {
  it('tells months, first signals with their source, links and block', async () => {
    const { body, headers } = await send.get('/v1/identities/m_a').expect(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(identityPageSchema.strict().parse(body)).toEqual(body);
    expect(body).toMatchObject({
      ...{ identity: 'm_a', service: 'default', blocked: false, links: { servedAs: null, servedFor: null } },
      months: [
        {
          ...{ month: '2026-11', class: 'member', tenant: 'acme', mints: 1 },
          firstSeen: '2026-11-02T10:00:30Z',
          signals: [
            { signal: 'minted', firstAt: '2026-11-02T10:00:00Z', source: 'gateway' },
            { signal: 'connected', firstAt: '2026-11-02T10:01:00Z', source: 'webhook' },
          ],
        },
        { month: '2026-10' },
      ],
    });
  });

  it('tells both ends of a link', async () => {
    const adoption = { guest: 'g_x' as Identity, member: 'm_x' as Identity, at: gateway.clock.now() };
    await gateway.ledger.adopt(DEFAULT_SERVICE, adoption);
    expect((await send.get('/v1/identities/m_x')).body.links).toEqual({ servedAs: 'g_x', servedFor: null });
    expect((await send.get('/v1/identities/g_x')).body.links).toEqual({ servedAs: null, servedFor: 'm_x' });
  });

  it('404 for one that nobody has seen, 400 for what can be none, 403 for finance', async () => {
    await send.get('/v1/identities/m_unknown').expect(404);
    await send.get('/v1/identities/m_a?service=shop').expect(404);
    for (const text of ['a%20b', 'a%2Fb', 'x'.repeat(257), `US${'0'.repeat(32)}`]) {
      expect(pointersOf(await send.get(`/v1/identities/${text}`).expect(400))).toEqual(['path']);
    }
    await send.get('/v1/identities/m_a', FINANCE).expect(403);
  });
});

describe('a block', () => {
  const refusals = async () =>
    (await gateway.ledger.totals(DEFAULT_SERVICE, (await gateway.ledger.months(DEFAULT_SERVICE))[0] as never))
      .refused;

  it('stops an identity from the next request on, until it is lifted', async () => {
    const { body } = await send.put('/v1/identities/m_a/block', { reason: 'abuse' }).expect(200);
    expect(body).toEqual({ service: 'default', identity: 'm_a', blocked: true, known: true });
    expect((await send.get('/v1/identities/m_a')).body.blocked).toBe(true);
    const mint = { identity: 'm_a', at: '2026-11-20T21:00:01Z' };
    await mintTokens(gateway.ledger, [mint]);
    expect(await refusals()).toEqual({ 'identity-blocked': 1 });
    await send.delete('/v1/identities/m_a/block?reason=sorry').expect(200);
    await mintTokens(gateway.ledger, [mint]);
    expect(await refusals()).toEqual({ 'identity-blocked': 1 });
    expect(await send.audit()).toMatchObject([
      { action: 'identity.unblock', target: 'm_a', before: { blocked: true }, after: { blocked: false } },
      { action: 'identity.block', target: 'm_a', before: { blocked: false }, after: { blocked: true } },
    ]);
  });

  it('may come before the person does', async () => {
    await send.put('/v1/identities/m_later/block', { reason: 'known abuser' }).expect(200);
    expect((await send.get('/v1/identities/m_later').expect(200)).body).toMatchObject({
      ...{ blocked: true, months: [] },
    });
  });

  it('needs a reason, an identity and an admin', async () => {
    expect(pointersOf(await send.put('/v1/identities/m_a/block', {}))).toEqual(['/reason']);
    expect(pointersOf(await send.put('/v1/identities/a%20b/block', {}))).toEqual(['path', '/reason']);
    expect(pointersOf(await send.delete('/v1/identities/m_a/block'))).toEqual(['?reason']);
    await send.put('/v1/identities/m_a/block', { reason: 'x' }, FINANCE).expect(403);
    expect((await send.get('/v1/identities/m_a')).body.blocked).toBe(false);
    expect(await send.audit()).toEqual([]);
  });
});
