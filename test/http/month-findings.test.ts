import { afterEach, beforeEach, expect, it } from '@jest/globals';
import request from 'supertest';
import { findingsSchema } from '../../src/contract/findings.ts';
import { parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createOperatorApp, type OperatorApp, VIEWER } from '../ops/operator-app.ts';
import { mintTokens, recordActs } from '../reports/fill-month.ts';

const AT = '2026-11-02T10:00:00Z';
const PATH = '/v1/months/2026-11/findings';

let gateway: OperatorApp;
beforeEach(async () => {
  gateway = createOperatorApp();
  const identities = Array.from({ length: 12 }, (_, index) => `m_${index}`);
  await mintTokens(
    gateway.ledger,
    identities.map((identity) => ({ identity, at: AT })),
  );
});
afterEach(() => gateway.ledger.close());

function get(path = PATH, headers: Record<string, string> = VIEWER) {
  return request(gateway.app).get(path).set(headers);
}

const ids = async () => (await get().expect(200)).body.findings.map(({ id }: { id: string }) => id);

it('tells viewers what is missing, why it matters and what to do', async () => {
  const { body, headers } = await get().expect(200);
  expect(headers['cache-control']).toBe('no-store');
  expect(findingsSchema.strict().parse(body)).toEqual(body);
  expect(body).toMatchObject({ month: '2026-11', service: 'default' });
  expect(body.findings.map(({ id }: { id: string }) => id)).toEqual(['no-connects', 'no-webhooks']);
  expect(body.findings[0]).toMatchObject({ identities: 12, fix: expect.stringContaining('beacons') });
  expect(JSON.stringify(body)).not.toContain('m_');
});

it('follows the evidence, and what a backfill found', async () => {
  await recordActs(gateway.ledger, [
    { identity: 'm_0', signal: 'connected', at: AT },
    { identity: 'm_0', signal: 'messaged', at: AT },
  ]);
  expect(await ids()).toEqual(['no-beacons']);
  await gateway.ledger.countBeacons(DEFAULT_SERVICE, 1, Date.parse(AT));
  expect(await ids()).toEqual([]);
  await recordActs(gateway.ledger, [{ identity: 'm_stranger', signal: 'connected', at: AT }]);
  await gateway.ledger.keepDocument(DEFAULT_SERVICE, parseMonth('2026-11')!, {
    name: 'backfill',
    text: JSON.stringify({ found: { added: 2 } }),
  });
  expect(await ids()).toEqual(['tokens-from-elsewhere', 'backfill-gap']);
});

it('tells of beacons that stopped, of the month that runs only', async () => {
  const connected = { identity: 'm_0', signal: 'connected', at: AT } as const;
  await recordActs(gateway.ledger, [connected, { ...connected, signal: 'joined' }]);
  await gateway.ledger.countBeacons(DEFAULT_SERVICE, 1, Date.parse(AT));
  for (const day of ['18', '19']) {
    const newcomers = Array.from({ length: 6 }, (_, index) => `m_late_${day}_${index}`);
    const at = `2026-11-${day}T10:00:00Z`;
    await mintTokens(
      gateway.ledger,
      newcomers.map((identity) => ({ identity, at })),
    );
  }
  const { body } = await get().expect(200);
  expect(body.findings).toMatchObject([
    { id: 'no-beacons', identities: 23, says: expect.stringContaining('after 2026-11-02') },
  ]);
  gateway.clock.set(Date.parse('2026-12-05T10:00:00Z'));
  expect(await ids()).toEqual([]);
});

it('tells what was wrong with the setup at Twilio when somebody looked', async () => {
  expect((await get().expect(200)).body.setup).toBeNull();
  const finding = { id: 'roles', name: 'Default roles', says: 'every user', why: 'because', fix: 'so' };
  await gateway.ledger.keepDocument(DEFAULT_SERVICE, parseMonth('2026-11')!, {
    name: 'twilio:setup',
    text: JSON.stringify({ lookedAt: '2026-11-20T20:00:00.123Z', findings: [finding] }),
  });
  const { body } = await get().expect(200);
  expect(findingsSchema.strict().parse(body)).toEqual(body);
  expect(body.setup).toEqual({
    ...{ lookedAt: '2026-11-20T20:00:00.123Z', ageSeconds: 3_600 },
    findings: [finding],
  });
  expect((await get('/v1/months/2026-10/findings').expect(200)).body.setup).toBeNull();
});

it('of a month without data has none', async () => {
  const { body } = await get('/v1/months/2025-01/findings').expect(200);
  expect(body.findings).toEqual([]);
});

it('needs a key, a month and a service that is known', async () => {
  await get(PATH, {}).expect(401);
  await get('/v1/months/2026-13/findings').expect(400);
  await get(`${PATH}?service=nowhere`).expect(404);
  await get(`${PATH}?rules=x`).expect(400);
});
