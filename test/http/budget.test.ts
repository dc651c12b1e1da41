import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { budgetAnswerSchema } from '../../src/contract/steering.ts';
import { type Month, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { ADMIN, createOperatorApp, FINANCE, type OperatorApp, VIEWER } from '../ops/operator-app.ts';
import { mintTokens } from '../reports/fill-month.ts';
import { pointersOf, steer } from './steer.ts';

const NOVEMBER = parseMonth('2026-11') as Month;
const CONFIGURED = {
  mode: 'warn' as const,
  scopes: { all: 500, 'class:guest': 100 },
  ...{ reserve: {}, priorities: { member: 0, guest: 0, agent: 1 }, thresholds: [50, 100], spikeGuard: null },
};

const MANY_TENANTS = Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`t${at}`, at]));

let gateway: OperatorApp;
let send: ReturnType<typeof steer>;
beforeEach(async () => {
  gateway = createOperatorApp();
  send = steer(gateway);
  await gateway.ledger.configureBudget(DEFAULT_SERVICE, NOVEMBER, CONFIGURED);
});
afterEach(() => gateway.ledger.close());

describe('GET /v1/budget', () => {
  it('tells limits, use and a strong ETag', async () => {
    await mintTokens(gateway.ledger, [
      { identity: 'm_a', at: '2026-11-02T10:00:00Z' },
      { identity: 'g_b', at: '2026-11-03T10:00:00Z', className: 'guest' },
    ]);
    const { body, headers } = await send.get('/v1/budget', VIEWER).expect(200);
    expect(budgetAnswerSchema.strict().parse(body)).toEqual(body);
    expect(body).toMatchObject({
      ...{ service: 'default', month: '2026-11', limit: 500, mode: 'warn', source: 'configured' },
      ...{ classes: { guest: 100 }, tenants: {}, used: 2, remaining: 498, usedByClass: { guest: 1 } },
      ...{ effective: { limit: 500, classes: { guest: 100 } }, raises: [], frozenSince: null },
    });
    expect(headers['etag']).toMatch(/^"[^"]+"$/);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('tells the use of names that every object has', async () => {
    await mintTokens(gateway.ledger, [{ identity: 'm_a', at: '2026-11-02T10:00:00Z' }]);
    await send.budget({ limit: 5, mode: 'block', classes: { member: 2 }, tenants: { constructor: 3 } });
    const { body } = await send.get('/v1/budget').expect(200);
    expect(body.tenants).toEqual({ constructor: 3 });
    expect(Object.entries(body.usedByTenant)).toEqual([['constructor', 0]]);
  });

  it.each(['classes', 'tenants', 'reserve'])(
    'refuses __proto__ among %s, which would be lost in silence',
    async (kind) => {
      const refused = await send.budget({ limit: 9, mode: 'block', [kind]: JSON.parse('{"__proto__":1}') });
      expect(refused.status).toBe(400);
      expect(pointersOf(refused)).toEqual([`/${kind}/__proto__`]);
      expect((await send.get('/v1/budget')).body).toMatchObject({ limit: 500, source: 'configured' });
    },
  );

  it('never answers 304: the use goes on changing under the ETag', async () => {
    const { etag } = (await send.get('/v1/budget')).headers;
    await send.get('/v1/budget', { ...ADMIN, 'If-None-Match': String(etag) }).expect(200);
  });

  it('says that there is none', async () => {
    const { body } = await send.get('/v1/budget?service=shop').expect(200);
    expect(body).toMatchObject({ limit: null, mode: 'off', remaining: null, thresholds: [] });
  });

  it.each([
    ['?service=none', 404],
    ['?month=2026-10', 400],
    ['?service=shop&service=default', 400],
  ])('refuses %s', (query, status) => send.get(`/v1/budget${query}`).expect(status));
});

describe('PUT /v1/budget', () => {
  it('holds from the very next admission and keeps serving those counted', async () => {
    await mintTokens(gateway.ledger, [{ identity: 'm_a', at: '2026-11-02T10:00:00Z' }]);
    const { body } = await send.budget({ limit: 1, mode: 'block' }).then((answer) => answer);
    expect(budgetAnswerSchema.parse(body)).toMatchObject({
      ...{ limit: 1, mode: 'block', source: 'operator', remaining: 0, classes: {} },
      thresholds: [50, 80, 90, 100],
    });
    await mintTokens(gateway.ledger, [
      { identity: 'm_new', at: '2026-11-20T21:00:00Z' },
      { identity: 'm_a', at: '2026-11-20T21:00:01Z' },
    ]);
    const totals = await gateway.ledger.totals(DEFAULT_SERVICE, NOVEMBER);
    expect(totals).toMatchObject({ all: 1, minted: 2, refused: { 'mau-budget-exhausted': 1 } });
  });

  it('takes a lowered limit below the present count', async () => {
    await mintTokens(gateway.ledger, [
      { identity: 'm_a', at: '2026-11-02T10:00:00Z' },
      { identity: 'm_b', at: '2026-11-02T10:00:00Z' },
    ]);
    const { status, body } = await send.budget({ limit: 0, mode: 'block' });
    expect([status, body.used, body.remaining]).toEqual([200, 2, 0]);
  });

  it('takes back the document that GET gave, so that one field can be changed', async () => {
    const read = await send.get('/v1/budget');
    const { status, body } = await send.put(
      '/v1/budget',
      { ...read.body, limit: 600, reason: 'more' },
      { 'If-Match': String(read.headers['etag']) },
    );
    expect(status).toBe(200);
    expect(body).toEqual({
      ...read.body,
      ...{ limit: 600, source: 'operator', remaining: 600 },
      effective: { ...read.body.effective, limit: 600 },
    });
  });

  it('gives the ETag for the next write', async () => {
    const first = await send.budget({ limit: 10, mode: 'warn' });
    const again = { limit: 11, mode: 'warn', reason: 'again' };
    await send.put('/v1/budget', again, { 'If-Match': String(first.headers['etag']) }).expect(200);
  });

  it('leaves an audit entry with before and after', async () => {
    await send.budget({ limit: 10, mode: 'block', reason: 'new contract' });
    expect(await send.audit()).toMatchObject([
      {
        ...{ at: '2026-11-20T21:00:00.123Z', by: 'the admin', role: 'admin', action: 'budget.set' },
        ...{ reason: 'new contract', before: { scopes: { all: 500, 'class:guest': 100 } } },
        after: { mode: 'block', scopes: { all: 10 } },
      },
    ]);
  });

  it('keeps the budget of each service apart', async () => {
    await send.budget({ limit: 10, mode: 'block' });
    expect((await send.get('/v1/budget?service=shop')).body.limit).toBeNull();
  });
});

describe('a budget that is refused', () => {
  const FAULTY: [string, object, string[]][] = [
    ['a negative limit', { limit: -1 }, ['/limit']],
    ['a fractional limit', { limit: 1.5 }, ['/limit']],
    ['a limit as text', { limit: '5' }, ['/limit']],
    ['no limit and no mode', { limit: undefined, mode: undefined }, ['/limit', '/mode']],
    ['an unknown mode', { mode: 'hard' }, ['/mode']],
    ['an unknown field', { limits: 5 }, ['/limits']],
    ['an unknown class', { classes: { vip: 5 } }, ['/classes/vip']],
    ['a class that every object has', { classes: { constructor: 5 } }, ['/classes/constructor']],
    ['more tenants than a ledger should read', { tenants: MANY_TENANTS }, ['/tenants']],
    ['a negative class limit', { classes: { guest: -1 } }, ['/classes/guest']],
    ['a reserve above the limit', { reserve: { member: 6, agent: 5 } }, ['/reserve']],
    ['a reserve without a limit', { limit: null, reserve: { agent: 5 } }, ['/reserve']],
    ['thresholds out of order', { thresholds: [50, 90, 80] }, ['/thresholds/2']],
    ['a threshold twice', { thresholds: [50, 50] }, ['/thresholds/1']],
    ['thresholds out of range', { thresholds: [0, 101] }, ['/thresholds/0', '/thresholds/1']],
    [
      'a spike guard that lets nobody in',
      { spikeGuard: { factor: 1, minimum: 0, mode: 'off' } },
      ['/spikeGuard/factor', '/spikeGuard/minimum', '/spikeGuard/mode'],
    ],
    ['no reason', { reason: undefined }, ['/reason']],
    ['a blank reason', { reason: '  ' }, ['/reason']],
    ['a reason with a line break', { reason: 'a\nb' }, ['/reason']],
    ['a reason that never ends', { reason: 'x'.repeat(501) }, ['/reason']],
  ];

  it.each(FAULTY)('%s', async (_what, parts, pointers) => {
    const before = (await send.get('/v1/budget')).text;
    const answer = await send.budget({ limit: 10, mode: 'block', ...parts });
    expect([answer.status, pointersOf(answer)]).toEqual([400, pointers]);
    expect((await send.get('/v1/budget')).text).toBe(before);
    expect(await send.audit()).toEqual([]);
  });

  it('with all its faults at once, of header, query and body', async () => {
    const answer = await send.put('/v1/budget?servic=x', { mode: 'block' }, { 'Idempotency-Key': 'é' });
    expect(pointersOf(answer)).toEqual(['?servic', 'Idempotency-Key', 'If-Match', '/limit', '/reason']);
  });

  it('400 without If-Match, 412 with a stale, weak or foreign one; nothing changes', async () => {
    const { etag } = (await send.get('/v1/budget')).headers;
    await send.budget({ limit: 10, mode: 'warn' });
    const body = { limit: 20, mode: 'block', reason: 'late' };
    const { etag: now } = (await send.get('/v1/budget')).headers;
    for (const [match, status] of [
      [undefined, 400],
      ['unquoted', 400],
      [String(etag), 412],
      [`W/${now}`, 412],
      ['"another"', 412],
    ] as const) {
      const headers: Record<string, string> = match === undefined ? {} : { 'If-Match': match };
      const answer = await send.put('/v1/budget', body, headers);
      expect([match, answer.status]).toEqual([match, status]);
    }
    expect((await send.get('/v1/budget')).body.limit).toBe(10);
    await send.put('/v1/budget', body, { 'If-Match': `"x", ${now}` }).expect(200);
    await send.put('/v1/budget', body, { 'If-Match': '*' }).expect(200);
  });

  it('401, 403, 404, 413 and 415', async () => {
    const body = { limit: 20, mode: 'block', reason: 'x' };
    const match = { 'If-Match': '*' };
    await send.put('/v1/budget', body, { ...match, Authorization: 'Bearer wrong' }).expect(401);
    for (const role of [VIEWER, FINANCE])
      await send.put('/v1/budget', body, { ...match, ...role }).expect(403);
    await send.put('/v1/budget?service=none', body, match).expect(404);
    await send.put('/v1/budget', { ...body, tenants: { a: 'x'.repeat(1_100_000) } }, match).expect(413);
    await send
      .put('/v1/budget', body, { ...match, 'Content-Type': 'application/x-www-form-urlencoded' })
      .expect(415);
  });
});

describe('two operators', () => {
  it('who read the same state cannot both write on it', async () => {
    const { etag } = (await send.get('/v1/budget')).headers;
    const match = { 'If-Match': String(etag) };
    const answers = await Promise.all(
      [1, 2, 3, 4].map((limit) => send.put('/v1/budget', { limit, mode: 'warn', reason: 'race' }, match)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    const winner = answers.find(({ status }) => status === 200)?.body.limit;
    expect((await send.get('/v1/budget')).body.limit).toBe(winner);
    expect(await send.audit()).toHaveLength(1);
  });
});

describe('a dashboard session', () => {
  it('writes from our own pages only', async () => {
    const session = gateway.sessions.seal({ name: 'ann', role: 'admin' }, 'key', gateway.clock.now());
    const headers = { Authorization: '', Cookie: `mg_ops=${session}`, 'If-Match': '*' };
    const write = (extra: Record<string, string>) => {
      const sent = send.put('/v1/budget', { limit: 7, mode: 'warn', reason: 'x' }, { ...headers, ...extra });
      sent.unset('Authorization');
      return sent;
    };
    expect((await write({}).expect(403)).body).toMatchObject({
      code: 'forbidden',
      detail: expect.stringContaining('Origin'),
    });
    await write({ Origin: 'https://evil.example' }).expect(403);
    await write({ 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'cors' }).expect(403);
    await write({ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }).expect(403);
    await write({ Cookie: 'mg_ops=none' }).expect(401);
    expect(await send.audit()).toEqual([]);
    await write({ 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors' }).expect(200);
    expect(await send.audit()).toMatchObject([{ by: 'ann', role: 'admin' }]);
  });
});
