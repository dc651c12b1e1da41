import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createReadClaims } from '../../src/auth/read-claims.ts';
import { explanationAnswerSchema } from '../../src/contract/explanation.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createExplainToken, type ExplainToken } from '../../src/issue/explain-token.ts';
import { createMinter } from '../../src/issue/mint.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import {
  createOperatorApp,
  FINANCE,
  type OperatorApp,
  resolveIdentity,
  TEST_POLICY,
  VIEWER,
} from '../ops/operator-app.ts';
import { ISSUER, ownIdentity } from '../ops/own-identity.ts';
import { mintTokens } from '../reports/fill-month.ts';
import { pointersOf, steer } from './steer.ts';

let gateway: OperatorApp;
let send: ReturnType<typeof steer>;
beforeEach(async () => {
  gateway = createOperatorApp({ explainToken: (request) => explainToken(request) });
  const explainToken: ExplainToken = buildExplainToken(gateway.ledger);
  send = steer(gateway);
  await send.budget({ limit: 1, mode: 'block' });
});
afterEach(() => gateway.ledger.close());

function buildExplainToken(ledger: Ledger): ExplainToken {
  const apiKey = { sid: `SK${'0'.repeat(32)}`, secret: 'secret' };
  const signing = { accountSid: `AC${'0'.repeat(32)}`, serviceSid: `IS${'0'.repeat(32)}`, apiKey };
  const minter = createMinter({
    ...{ ...signing, service: DEFAULT_SERVICE, ttlSeconds: 3600, region: null },
    ...{ pushCredentialSid: null, roleSids: {} },
  });
  const service = { name: DEFAULT_SERVICE, serviceSid: signing.serviceSid, region: null, ttlSeconds: 3600 };
  const claims = { person: 'sub', class: 'kind', tenant: null, display: null };
  return createExplainToken({
    clock: gateway.clock,
    services: new Map([[DEFAULT_SERVICE, { ...service, minter, fallback: null }]]),
    readClaims: createReadClaims({
      ...{ issuers: [{ issuer: ISSUER, claims }], backends: [], session: null, guestClass: null },
      classes: [{ name: 'member' }, { name: 'agent' }],
    }),
    ...{ resolveIdentity, policy: TEST_POLICY, ledger, humanCheck: null, lookUp: false },
  });
}

const QUESTION = { issuer: ISSUER, claims: { sub: 'ada' }, request: { intent: 'open_chat' } };

describe('POST /v1/explanations', () => {
  it('lists every rule with its verdict and every limit with its numbers, and mints nothing', async () => {
    const { body, headers } = await send.post('/v1/explanations', QUESTION, FINANCE).expect(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(explanationAnswerSchema.strict().parse(body)).toEqual(body);
    expect(body).toMatchObject({
      ...{ service: 'default', outcome: 'served', refusal: null, rule: 'intent-allowed' },
      ...{ caller: { class: 'member' }, person: { own: ownIdentity('ada'), blocked: false } },
      months: [
        { month: '2026-11', known: false, mode: 'block', checks: [{ budget: 'all', limit: 1, used: 0 }] },
      ],
      expiresAt: '2026-11-20T22:00:00.000Z',
    });
    expect(body.rules.length).toBeGreaterThan(5);
    const { identities, mints } = (await send.get('/v1/months/current')).body;
    expect([identities.total, mints.minted]).toEqual([0, 0]);
  });

  it('tells a refusal with its numbers, as the caller would hear it', async () => {
    await mintTokens(gateway.ledger, [{ identity: 'm_other', at: '2026-11-02T10:00:00Z' }]);
    const { body } = await send.post('/v1/explanations', QUESTION).expect(200);
    expect(body).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'mau-budget-exhausted', budget: 'all', limit: 1, used: 1 },
      months: [{ checks: [{ passes: false, blocks: true }], refusal: { code: 'mau-budget-exhausted' } }],
      expiresAt: null,
    });
    expect((await send.get('/v1/months/current')).body.mints.refused).toEqual({});
  });

  it('tells of somebody whom the policy turns away, and of nobody at all', async () => {
    const denied = { ...QUESTION, request: { intent: 'page_load' } };
    expect((await send.post('/v1/explanations', denied)).body).toMatchObject({
      ...{ outcome: 'refused', rule: 'intent-denied', refusal: { code: 'lazy-connect-required' } },
      months: [],
    });
    const stranger = { ...QUESTION, issuer: 'https://other.example' };
    expect((await send.post('/v1/explanations', stranger)).body).toMatchObject({
      ...{ outcome: 'refused', refusal: { code: 'unauthenticated' }, caller: null, person: null },
    });
  });

  it('refuses what it cannot read, an unknown service, and viewers', async () => {
    const faulty = { issuer: '', claims: [], request: { intent: 'x', hints: { robot: true } }, mint: true };
    expect(pointersOf(await send.post('/v1/explanations', faulty).expect(400))).toEqual([
      ...['/issuer', '/claims', '/request/hints/robot', '/mint'],
    ]);
    const elsewhere = { ...QUESTION, request: { intent: 'open_chat', service: 'none' } };
    await send.post('/v1/explanations', elsewhere).expect(404);
    await send.post('/v1/explanations?service=none', QUESTION).expect(404);
    await send.post('/v1/explanations', QUESTION, VIEWER).expect(403);
  });
});
