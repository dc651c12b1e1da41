import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { ADMIN, createOperatorApp, FINANCE, type OperatorApp, VIEWER } from '../ops/operator-app.ts';

let gateway: OperatorApp;
beforeAll(() => {
  gateway = createOperatorApp({ failuresPerMinute: 1_000 });
});
afterAll(() => gateway.ledger.close());

type Method = 'get' | 'put' | 'post' | 'delete';

/** Every address that operators steer with, and who may. */
const ADDRESSES: [Method, string, 'viewer' | 'finance' | 'admin'][] = [
  ['get', '/v1/budget', 'viewer'],
  ['put', '/v1/budget', 'admin'],
  ['get', '/v1/budget/raises', 'viewer'],
  ['post', '/v1/budget/raises', 'admin'],
  ['delete', '/v1/budget/raises/r', 'admin'],
  ['get', '/v1/freeze', 'viewer'],
  ['put', '/v1/freeze', 'admin'],
  ['delete', '/v1/freeze', 'admin'],
  ['get', '/v1/identities/m_a', 'admin'],
  ['put', '/v1/identities/m_a/block', 'admin'],
  ['delete', '/v1/identities/m_a/block', 'admin'],
  ['post', '/v1/identity-imports', 'admin'],
  ['post', '/v1/identity-lookups', 'admin'],
  ['post', '/v1/explanations', 'finance'],
  ['post', '/v1/simulations', 'finance'],
  ['post', '/v1/erasures', 'admin'],
  ['get', '/v1/audit', 'admin'],
  ['get', '/v1/months/current/duplicates', 'finance'],
];
const KEYS = { viewer: VIEWER, finance: FINANCE, admin: ADMIN };
const RANK = ['viewer', 'finance', 'admin'] as const;

describe.each(ADDRESSES)('%s %s', (method, path, least) => {
  const ask = (headers: Record<string, string>) => request(gateway.app)[method](path).set(headers);

  it('is nobody’s without a key, whatever else is wrong', async () => {
    const refusals = [
      [{}, 'This needs an ops key or a dashboard session.'],
      [
        { Authorization: 'Bearer wrong' },
        'The Authorization header holds no ops key that this gateway knows.',
      ],
    ] as const;
    for (const [headers, detail] of refusals) {
      const answer = await ask(headers);
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, expect.any(String)]);
      expect(answer.body).toMatchObject({ detail });
    }
  });

  it(`is for ${least} and above`, async () => {
    for (const role of RANK) {
      const { status } = await ask(KEYS[role]);
      const may = RANK.indexOf(role) >= RANK.indexOf(least);
      expect([role, status === 403]).toEqual([role, !may]);
      expect(status).not.toBe(500);
    }
  });
});
