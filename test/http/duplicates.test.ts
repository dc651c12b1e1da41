import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { duplicatesAnswerSchema } from '../../src/contract/steering.ts';
import type { Identity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createOperatorApp, FINANCE, type OperatorApp, VIEWER } from '../ops/operator-app.ts';
import { ownIdentity } from '../ops/own-identity.ts';
import { mintTokens } from '../reports/fill-month.ts';
import { steer } from './steer.ts';

let gateway: OperatorApp;
let send: ReturnType<typeof steer>;
beforeEach(() => {
  gateway = createOperatorApp();
  send = steer(gateway);
});
afterEach(() => gateway.ledger.close());

const PATH = '/v1/months/2026-11/duplicates';

function mint(identity: string, at = '2026-11-10T10:00:00Z') {
  return mintTokens(gateway.ledger, [{ identity, at }]);
}

function adopt(guest: string, member: string) {
  const at = gateway.clock.now();
  return gateway.ledger.adopt(DEFAULT_SERVICE, { guest: guest as Identity, member: member as Identity, at });
}

describe('GET /v1/months/{month}/duplicates', () => {
  it('finds members whose guest was counted as well, in this month only', async () => {
    const [ada, eve] = [ownIdentity('ada'), ownIdentity('eve')];
    await mint('g_1');
    await mint(ada);
    await mint('g_2', '2026-10-10T10:00:00Z');
    await mint(eve);
    expect(await adopt('g_1', ada)).toMatchObject({ outcome: 'kept-separate' });
    expect(await adopt('g_2', eve)).toMatchObject({ outcome: 'kept-separate' });
    const { body } = await send.get(PATH, FINANCE).expect(200);
    expect(duplicatesAnswerSchema.strict().parse(body)).toEqual({
      ...{ month: '2026-11', service: 'default', asOf: '2026-11-20T21:00:00.123Z' },
      ...{ surplus: 1, groups: 1, items: [{ kind: 'merge', identities: ['g_1', ada] }] },
      cost: { currency: 'USD', amount: 0.05, table: 'flat' },
    });
  });

  it('finds names that differ in case only, but not among keyed hashes', async () => {
    for (const name of ['Ada', 'ada', 'ADA', 'eve']) await mint(name);
    await mint(`m_${'a'.repeat(22)}`);
    await mint(`m_${'A'.repeat(22)}`);
    const { body } = await send.get(PATH).expect(200);
    expect(body).toMatchObject({ surplus: 2, groups: 1, cost: { amount: 0.1 } });
    expect(body.items[0].kind).toBe('spelling');
    expect(body.items[0].identities.sort()).toEqual(['ADA', 'Ada', 'ada']);
  });

  it('gives zeros for a month without data, and knows the current one by name', async () => {
    for (const month of ['2019-02', 'current']) {
      const { body } = await send.get(`/v1/months/${month}/duplicates`).expect(200);
      expect(body).toMatchObject({ surplus: 0, groups: 0, items: [] });
    }
  });

  it('refuses a malformed month, an unknown service and viewers', async () => {
    await send.get('/v1/months/2026-13/duplicates').expect(400);
    await send.get(`${PATH}?service=none`).expect(404);
    await send.get(`${PATH}?limit=3`).expect(400);
    await send.get(PATH, VIEWER).expect(403);
  });
});
