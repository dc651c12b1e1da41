import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { problemSchema } from '../../src/contract.ts';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { ADMIN, createOperatorApp, FINANCE, type OperatorApp, VIEWER } from '../ops/operator-app.ts';
import { mintTokens } from '../reports/fill-month.ts';

let gateway: OperatorApp;
beforeEach(() => {
  gateway = createOperatorApp();
});
afterEach(() => gateway.ledger.close());

const ADDRESSES = ['', '/2026-11', '/2026-11/days', '/2026-11/identities', '/2026-11/mints'];

async function refusal(path: string, headers: Record<string, string>) {
  const answer = await request(gateway.app).get(`/v1/months${path}`).set(headers);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(problemSchema.safeParse(answer.body).success).toBe(true);
  return answer;
}

describe('401', () => {
  it.each(ADDRESSES)('%j without a credential', async (path) => {
    const answer = await refusal(path, {});
    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe('unauthenticated');
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="mau-guard"');
  });

  it.each(['Bearer wrong', 'Bearer ', 'Basic dmlld2VyLWtleQ==', 'viewer-key', 'Guest x'])(
    'for the credential %j',
    async (Authorization) => {
      expect((await refusal('/current', { Authorization })).status).toBe(401);
    },
  );

  it('also beside a good session: the failing credential decides', async () => {
    const session = gateway.sessions.seal({ name: 'ann', role: 'admin' }, 'key', gateway.clock.now());
    const Cookie = `mg_ops=${session}`;
    expect((await refusal('/current', { Cookie, Authorization: 'Bearer wrong' })).status).toBe(401);
  });

  it('for everyone when no keys are configured', async () => {
    await gateway.ledger.close();
    gateway = createOperatorApp({ keysConfigured: false });
    expect((await refusal('/current', ADMIN)).status).toBe(401);
  });

  it('400 for two keys, since a proxy in front may have checked the other one', async () => {
    const Authorization = [VIEWER.Authorization, ADMIN.Authorization] as unknown as string;
    const answer = await refusal('/current', { Authorization });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid-request']);
  });

  it('comes before anything is said about the address', async () => {
    expect((await refusal('/nonsense?x=1&service=none', {})).status).toBe(401);
  });
});

describe('403', () => {
  it.each(['/current/identities', '/current/mints'])('%s needs finance', async (path) => {
    const answer = await refusal(path, VIEWER);
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('finance') });
    await request(gateway.app).get(`/v1/months${path}`).set(FINANCE).expect(200);
    await request(gateway.app).get(`/v1/months${path}`).set(ADMIN).expect(200);
  });
});

describe('429', () => {
  it('after too many wrong keys; right ones are still served', async () => {
    await gateway.ledger.close();
    gateway = createOperatorApp({ failuresPerMinute: 2 });
    const wrong = { Authorization: 'Bearer wrong' };
    expect((await refusal('', wrong)).status).toBe(401);
    expect((await refusal('', wrong)).status).toBe(401);
    const answer = await refusal('', wrong);
    expect(answer.status).toBe(429);
    expect(answer.headers['retry-after']).toBe('60');
    await request(gateway.app).get('/v1/months').set(VIEWER).expect(200);
  });
});

describe('a dashboard session', () => {
  const own = { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors' };

  function cookie(role: 'viewer' | 'finance', name = 'mg_ops') {
    return {
      Cookie: `other=1; ${name}=${gateway.sessions.seal({ name: 'ann', role }, 'key', gateway.clock.now())}`,
    };
  }

  it('is as good as a key of its role', async () => {
    const { body } = await request(gateway.app)
      .get('/v1/months/current')
      .set(cookie('viewer'))
      .set(own)
      .expect(200);
    expect(body).not.toHaveProperty('cost');
    await request(gateway.app).get('/v1/months/current/mints').set(cookie('finance')).set(own).expect(200);
    expect((await refusal('/current/mints', { ...cookie('viewer'), ...own })).status).toBe(403);
  });

  it('ends after 12 hours', async () => {
    const session = cookie('viewer');
    gateway.clock.advance(12 * 3_600_000);
    expect((await refusal('/current', { ...session, ...own })).status).toBe(401);
  });

  it.each([
    ['another site', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors' }],
    ['another origin of the same site', { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'cors' }],
    ['another origin, by an older browser', { Origin: 'https://app.example' }],
  ])('does not speak for a script of %s', async (_, from) => {
    expect(
      (await refusal('/current', { ...cookie('finance'), ...from } as Record<string, string>)).status,
    ).toBe(401);
  });
});

describe('400', () => {
  it.each(['/2026-13', '/2026-1', '/nov', '/2026-11-01/days', '/26-11/identities', '/CURRENT/mints', '/%20'])(
    'for the month of %s',
    async (path) => {
      const answer = await refusal(path, FINANCE);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ code: 'invalid-request', errors: [{ pointer: 'path' }] });
    },
  );

  it.each([
    ['?month=2026-11', '?month'],
    ['?limit=0', '?limit'],
    ['?limit=121', '?limit'],
    ['/current?limit=5', '?limit'],
    ['/current/days?class=guest', '?class'],
    ['/current/identities?signals=minted', '?signals'],
    ['/current/identities?limit=1001', '?limit'],
    ['/current/identities?signal=again', '?signal'],
    ['/current/identities?cursor=nonsense', '?cursor'],
    ['/current/identities?cursor=', '?cursor'],
    ['/current/mints?signal=minted', '?signal'],
    ['/current/mints?cursor=eyJwIjoiMSJ9', '?cursor'],
  ])('for the query of %s', async (path, pointer) => {
    const answer = await refusal(path, FINANCE);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'invalid-request', errors: [{ pointer }] });
  });

  it('for a cursor of another question', async () => {
    await mintTokens(gateway.ledger, [
      { identity: 'm_a', at: '2026-11-01T10:00:00Z' },
      { identity: 'm_b', at: '2026-11-01T10:00:00Z' },
    ]);
    const page = await request(gateway.app).get('/v1/months/2026-11/identities?limit=1').set(FINANCE);
    const cursor = page.body.nextCursor;
    expect(typeof cursor).toBe('string');
    await request(gateway.app).get(`/v1/months/current/identities?cursor=${cursor}`).set(FINANCE).expect(200);
    for (const path of [
      `/2026-10/identities?cursor=${cursor}`,
      `/2026-11/identities?class=guest&cursor=${cursor}`,
      `/2026-11/identities?service=shop&cursor=${cursor}`,
      `/2026-11/mints?cursor=${cursor}`,
    ]) {
      expect((await refusal(path, FINANCE)).status).toBe(400);
    }
  });

  it('for a part of an export that is too large, and for a cursor that is none', async () => {
    for (const query of ['limit=50001', 'limit=0', 'cursor=x', 'cursor=x&limit=5']) {
      const { body } = await request(gateway.app)
        .get(`/v1/months/2026-11/identities?${query}`)
        .set({ ...FINANCE, Accept: 'text/csv' })
        .expect(400);
      expect(body.errors).toMatchObject([{ pointer: `?${query.split('=')[0]}` }]);
    }
  });
});

describe('404', () => {
  it.each(ADDRESSES)('%j of an unknown service', async (path) => {
    const answer = await refusal(`${path}?service=nobody`, FINANCE);
    expect(answer.status).toBe(404);
    expect(answer.body.code).toBe('not-found');
  });

  it.each(['/current/nothing', '/current/days/1', '/Current/Days'])('for %s', async (path) => {
    const { status } = await refusal(path, FINANCE);
    expect([400, 404]).toContain(status);
  });
});

describe('405', () => {
  it('for another method, with those that are known', async () => {
    const answer = await request(gateway.app).post('/v1/months/current').set(FINANCE).expect(405);
    expect(answer.headers['allow']).toContain('GET');
  });
});

describe('406', () => {
  it.each([
    ['', 'text/csv'],
    ['/current', 'text/html'],
    ['/current/days', 'application/x-ndjson'],
    ['/current/identities', 'text/html'],
    ['/current/mints', 'application/xml'],
  ])('%j for %s', async (path, Accept) => {
    const answer = await refusal(path, { ...FINANCE, Accept });
    expect(answer.status).toBe(406);
    expect(answer.body.code).toBe('not-acceptable');
  });

  it.each(['*/*', 'application/*', 'text/html, application/json;q=0.1'])('not for %s', async (Accept) => {
    const { headers } = await request(gateway.app)
      .get('/v1/months/current/mints')
      .set({ ...FINANCE, Accept });
    expect(headers['content-type']).toMatch(/^application\/json/);
  });
});

describe('503', () => {
  const cases = [
    ...ADDRESSES.map((path) => [path, '*/*'] as const),
    ...['/2026-11/identities', '/2026-11/mints'].map((path) => [path, 'text/csv'] as const),
  ];

  it.each(cases)('%j for %s while the ledger is away', async (path, Accept) => {
    await gateway.ledger.close();
    const away = () => Promise.reject(new GatewayError('ledger-unavailable', 'redis at 10.0.0.1 timed out'));
    gateway = createOperatorApp({
      ledger: { totals: away, days: away, months: away, identities: away, mints: away },
    });
    const answer = await refusal(path, { ...FINANCE, Accept });
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ code: 'ledger-unavailable', retryable: true });
    expect(JSON.stringify(answer.body)).not.toContain('10.0.0.1');
    expect(answer.headers).not.toHaveProperty('content-disposition');
  });
});
