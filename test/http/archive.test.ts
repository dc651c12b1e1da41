import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fillMonths, makeFolder, monthNamed } from '../archive/archive-kit.ts';
import {
  ADMIN_KEY,
  type OperatorGateway,
  startOperatorGateway,
  VIEWER_KEY,
} from '../cli/operator-gateway.ts';

const AUGUST = monthNamed('2026-08');
const PATH = '/v1/months/2026-08/archive';

let gateway: OperatorGateway;
beforeEach(async () => {
  gateway = await startOperatorGateway({}, undefined, `retention: { archive: ${makeFolder()} }`);
  await fillMonths(gateway.gateway.ledger, [AUGUST]);
});
afterEach(() => gateway.stop());

async function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${gateway.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look at a few members of many kinds of answers
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

const close = () => ask('POST', '/v1/months/2026-08/close', { reason: 'books' });
async function done() {
  for (;;) {
    const { body } = await ask('GET', PATH);
    if (body.running === null) return body;
  }
}

describe('POST /v1/months/{month}/archive', () => {
  it('answers 202 with how the month stands, once for a repeated order', async () => {
    await close();
    const key = { 'idempotency-key': 'one' };
    const first = await ask('POST', PATH, { reason: 'books' }, key);
    expect(first).toMatchObject({
      status: 202,
      body: { month: '2026-08', service: 'default', trouble: null },
    });
    expect(await done()).toMatchObject({ entry: { number: 1, mintRows: 5 }, mints: 'kept', people: 'kept' });
    expect((await ask('POST', PATH, { reason: 'books' }, key)).status).toBe(202);
    expect((await ask('POST', PATH, { reason: 'other' }, key)).body.code).toBe('conflict');
    const archived = (await gateway.audit()).filter(({ action }) => action === 'month.archive');
    expect(archived).toEqual([{ action: 'month.archive', reason: 'books', by: 'anna' }]);
  });

  it('is refused with 409 while the month is open, not over, or young', async () => {
    const codes = async (path: string, body: object) => {
      const { status, body: problem } = await ask('POST', path, body);
      return [status, problem.code];
    };
    const reason = { reason: 'x' };
    expect(await codes(PATH, reason)).toEqual([409, 'conflict']);
    expect(await codes('/v1/months/current/archive', reason)).toEqual([409, 'conflict']);
    expect(await codes('/v1/months/2026-10/archive', { ...reason, trim: true })).toEqual([409, 'conflict']);
    expect(await gateway.audit()).toEqual([]);
  });

  it('is refused with 400 for anything malformed', async () => {
    expect((await ask('POST', PATH, {})).body.code).toBe('invalid-request');
    expect((await ask('POST', PATH, { reason: 'x', trim: 'yes' })).status).toBe(400);
    expect((await ask('POST', PATH, { reason: 'x', folder: '/etc' })).status).toBe(400);
    expect((await ask('POST', '/v1/months/2026-13/archive', { reason: 'x' })).status).toBe(400);
    expect((await ask('POST', '/v1/months/..%2f..%2fetc/archive', { reason: 'x' })).status).toBe(400);
    expect((await ask('POST', `${PATH}?service=..%2f..`, { reason: 'x' })).status).toBe(404);
  });

  it('is for admins, and its reads are for finance', async () => {
    const viewer = { authorization: `Bearer ${VIEWER_KEY}` };
    const nobody = { authorization: '' };
    for (const [method, path, body] of [
      ['POST', PATH, { reason: 'x' }],
      ['POST', '/v1/months/2026-08/restore', { reason: 'x' }],
      ['GET', PATH, undefined],
      ['GET', '/v1/archive', undefined],
      ['GET', '/v1/archive/verification', undefined],
    ] as const) {
      expect((await ask(method, path, body, viewer)).status).toBe(403);
      expect((await ask(method, path, body, nobody)).status).toBe(401);
    }
  });
});

describe('POST /v1/months/{month}/restore', () => {
  it('puts back what was taken out', async () => {
    await close();
    await ask('POST', PATH, { reason: 'x', trim: true });
    expect(await done()).toMatchObject({ mints: 'trimmed', people: 'trimmed' });
    const mints = '/v1/months/2026-08/mints';
    expect((await ask('GET', mints)).body.items).toEqual([]);
    expect((await ask('POST', '/v1/months/2026-08/restore', { reason: 'x' })).status).toBe(202);
    expect(await done()).toMatchObject({ mints: 'kept', heldUntil: '2026-11-27T21:00:00.123Z' });
    expect((await ask('GET', mints)).body.items).toHaveLength(5);
  });

  it('tells in the month why it failed', async () => {
    expect((await ask('POST', '/v1/months/2026-08/restore', { reason: 'x' })).status).toBe(202);
    const { trouble } = await done();
    expect(trouble).toMatchObject({ kind: 'restore', says: '2026-08 is not in the archive.' });
  });
});

describe('GET /v1/archive', () => {
  it('lists months, and verifies all of them', async () => {
    await close();
    await ask('POST', PATH, { reason: 'x' });
    await done();
    const list = await ask('GET', '/v1/archive');
    expect(list.headers.get('cache-control')).toBe('no-store');
    expect(list.body).toMatchObject({
      configured: true,
      months: [{ month: '2026-08', entry: { number: 1 } }],
    });
    expect(list.body.months[0]).toMatchObject({ counted: true, mints: 'kept', people: 'kept' });
    expect((await ask('GET', '/v1/archive/verification')).body).toMatchObject({
      unknown: [],
      ...{ ok: true, months: ['2026-08'], entries: 1, findings: [], head: { number: 1 } },
    });
  });
});
