import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { type Month, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { budgetOf } from '../ledger/contract/builders.ts';
import { ADMIN, createOperatorApp, type OperatorApp } from '../ops/operator-app.ts';
import { ISSUER, ownIdentity } from '../ops/own-identity.ts';
import { pairOf } from '../ops/page-text.ts';
import { type Browser, openBrowser } from '../ops/signed-in.ts';
import { mintTokens } from '../reports/fill-month.ts';

const OWN = { 'Sec-Fetch-Site': 'same-origin' };

let gateway: OperatorApp;
beforeEach(async () => {
  gateway = createOperatorApp();
  await gateway.ledger.configureBudget(
    DEFAULT_SERVICE,
    parseMonth('2026-11') as Month,
    budgetOf({ scopes: { all: 100, 'class:guest': 40 } }),
  );
  await mintTokens(gateway.ledger, [
    { identity: 'm_a', at: '2026-11-01T10:00:00Z' },
    { identity: 'm_b', at: '2026-11-01T11:00:00Z' },
    { identity: 'g_c', at: '2026-11-02T10:00:00Z', className: 'guest' },
  ]);
});
afterEach(() => gateway.ledger.close());

type Form = Record<string, string>;

const open = (key: string) => openBrowser(gateway, key);

async function hiddenOf(browser: Browser, path: string, name: string): Promise<string> {
  const { text } = await browser.get(path).expect(200);
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';
}

async function budget() {
  return (await request(gateway.app).get('/v1/budget').set(ADMIN)).body;
}

async function audit() {
  return (await request(gateway.app).get('/v1/audit').set(ADMIN)).body.items;
}

describe('the form of the budget', () => {
  it('sets limit and mode, keeps the rest, and leaves an audit entry', async () => {
    const admin = await open('admin-key');
    const state = await hiddenOf(admin, '/ops/budget', 'state');
    const form = { limit: ' 5,000 ', mode: 'block', reason: 'Contract', state, once: 'a' };
    const answer = await admin.post('/ops/budget', form).expect(303);
    expect(answer.headers['location']).toBe('/ops/budget?done=budget');
    expect(await budget()).toMatchObject({
      limit: 5000,
      mode: 'block',
      classes: { guest: 40 },
      source: 'operator',
    });
    expect(await audit()).toMatchObject([{ by: 'the admin', action: 'budget.set', reason: 'Contract' }]);
    expect((await admin.get('/ops/budget?done=budget')).text).toContain('The budget is set.');
  });

  it('asks for a number to be typed before the limit sinks below the count', async () => {
    const admin = await open('admin-key');
    const state = await hiddenOf(admin, '/ops/budget', 'state');
    const form = { limit: '2', mode: 'block', reason: 'Less', state, once: 'b' };
    const asked = await admin.post('/ops/budget', form).expect(422);
    expect(asked.text).toContain('3 identities are counted already');
    expect(asked.text).toContain('To confirm, type 2');
    // Nothing is wrong with what is folded away.
    expect(asked.text).toContain('<details class="wide">');
    expect(asked.text).toContain('name="reason" required maxlength="500" value="Less"');
    await admin.post('/ops/budget', { ...form, confirm: '3' }).expect(422);
    expect((await budget()).limit).toBe(100);
    await admin.post('/ops/budget', { ...form, confirm: '2' }).expect(303);
    expect((await budget()).limit).toBe(2);
    const { text } = await admin.get('/ops/budget');
    expect(text).toContain('<strong class="verdict alarm">Blocking new</strong>');
    expect(pairOf(text, 'The budget as it holds', 'Newcomers')).toBe('refused: no place is left');
  });

  it('does not overwrite what somebody else has changed meanwhile', async () => {
    const admin = await open('admin-key');
    const state = await hiddenOf(admin, '/ops/budget', 'state');
    await admin.post('/ops/freeze', { frozen: 'yes', reason: 'Flood' }).expect(303);
    const form = { limit: '50', mode: 'warn', reason: 'Mine', state };
    const answer = await admin.post('/ops/budget', form).expect(409);
    expect(answer.text).toContain('Somebody else has changed the limits');
    expect((await budget()).limit).toBe(100);
  });

  it.each([
    [{ limit: '-1' }, 'limit'],
    [{ limit: 'many' }, 'limit'],
    [{ mode: 'maybe' }, 'mode: Must be one of off, warn, block.'],
    [{ reason: '  ' }, 'reason: Must not be blank.'],
    [{ reason: 'x'.repeat(501) }, 'reason'],
  ])('turns down %j', async (change, words) => {
    const admin = await open('admin-key');
    const state = await hiddenOf(admin, '/ops/budget', 'state');
    const form = { limit: '50', mode: 'warn', reason: 'Why', state, ...(change as Form) };
    const answer = await admin.post('/ops/budget', form).expect(422);
    expect(answer.text).toContain('role="alert"');
    expect(answer.text).toContain(words);
    expect((await budget()).limit).toBe(100);
    expect(await audit()).toEqual([]);
  });

  it('sent twice is one write', async () => {
    const admin = await open('admin-key');
    const form = { identities: '10', until: '', reason: 'Sale', once: 'same' };
    await admin.post('/ops/budget/raises', form).expect(303);
    await admin.post('/ops/budget/raises', form).expect(303);
    expect(await budget()).toMatchObject({ effective: { limit: 110 } });
    await admin.post('/ops/budget/raises', { ...form, once: 'other' }).expect(303);
    expect(await budget()).toMatchObject({ effective: { limit: 120 } });
  });
});

describe('the details of the budget', () => {
  const send = async (form: Form) => {
    const admin = await open('admin-key');
    const state = await hiddenOf(admin, '/ops/budget', 'state');
    return admin.post('/ops/budget', { limit: '100', mode: 'warn', reason: 'Why', state, ...form });
  };

  it('are limits and places of classes, and thresholds; empty takes them away', async () => {
    const form = { 'limit.guest': '30', 'limit.member': '', 'reserve.member': '20', thresholds: '60, 95 %' };
    await send(form).then(({ status }) => expect(status).toBe(303));
    expect(await budget()).toMatchObject({
      ...{ classes: { guest: 30 }, reserve: { member: 20 }, thresholds: [60, 95] },
    });
    await send({ 'limit.guest': '', 'reserve.member': ' ', thresholds: '' });
    expect(await budget()).toMatchObject({ classes: {}, reserve: {}, thresholds: [] });
  });

  it('are limits of tenants, a line each, and the spike guard', async () => {
    const form = {
      tenants: 'acme = 50\r\n* = 20',
      ...{ 'spike.mode': 'block', 'spike.factor': '2.5', 'spike.minimum': '1,000' },
    };
    await send(form).then(({ status }) => expect(status).toBe(303));
    const spikeGuard = { factor: 2.5, minimum: 1000, mode: 'block' };
    expect(await budget()).toMatchObject({ tenants: { acme: 50, '*': 20 }, spikeGuard });
    expect((await audit())[0]).toMatchObject({ action: 'budget.set', reason: 'Why' });

    const { text } = await (await open('admin-key')).get('/ops/budget');
    expect(text).toMatch(/<textarea [^>]*>\nacme = 50\n\* = 20<\/textarea>/);
    expect(text).toContain('<option value="block" selected>block: refuse newcomers</option>');
    expect(text).toContain('name="spike.factor" inputmode="decimal" maxlength="11" value="2.5"');
    // A form without these fields leaves both as they are; one that empties them takes them away.
    await send({});
    expect(await budget()).toMatchObject({ tenants: { acme: 50, '*': 20 }, spikeGuard });
    await send({ tenants: ' ', 'spike.mode': 'off', 'spike.factor': '2.5', 'spike.minimum': '1000' });
    expect(await budget()).toMatchObject({ tenants: {}, spikeGuard: null });
  });

  it('take a thousand tenants, which no other form would', async () => {
    const tenants = Array.from({ length: 1_000 }, (_, n) => `${'customer-'.repeat(12)}${n} = ${n}`).join(
      '\n',
    );
    expect((await send({ tenants })).status).toBe(303);
    expect(Object.keys((await budget()).tenants)).toHaveLength(1_000);
    expect((await send({ tenants: `${tenants}\none = 1` })).text).toContain('at most 1000 names');
    expect((await send({ tenants: 'x'.repeat(300_000) })).status).toBe(413);
  });

  it.each([
    [{ tenants: 'acme 50' }, 'tenants: line 1 must be a name = a number.'],
    [{ tenants: `${'x'.repeat(129)} = 1` }, 'tenants'],
    [{ 'spike.mode': 'block', 'spike.factor': '1', 'spike.minimum': '5' }, 'Must be above 1.'],
    [{ 'spike.mode': 'block', 'spike.factor': 'two', 'spike.minimum': '5' }, 'spikeGuard factor'],
    [{ 'spike.mode': 'block', 'spike.factor': '2', 'spike.minimum': '' }, 'spikeGuard minimum'],
    [{ 'spike.mode': 'maybe', 'spike.factor': '2', 'spike.minimum': '5' }, 'Must be one of warn, block.'],
    [{ 'limit.guest': 'many' }, 'classes guest'],
    [{ 'reserve.member': '101' }, 'Keeps 101 places of a limit of 100.'],
    [{ thresholds: '90, 50' }, 'thresholds'],
    [{ thresholds: 'half' }, 'thresholds'],
  ])('are turned down when they cannot be: %j', async (form, words) => {
    const { status, text } = await send(form as unknown as Form);
    expect(status).toBe(422);
    expect(text).toContain(words);
    expect(text).toContain('<details class="wide" open>');
    expect((await budget()).source).toBe('configured');
  });
});

describe('a budget that is tried', () => {
  const tryIt = async (form: Form) => {
    const admin = await open('admin-key');
    return admin.post('/ops/budget', { act: 'preview', mode: 'warn', ...form });
  };

  it('says what it would have done to the month before, and sets nothing', async () => {
    await mintTokens(
      gateway.ledger,
      ['m_a', 'm_b', 'm_c', 'm_d'].map((identity, day) => ({ identity, at: `2026-10-1${day}T10:00:00Z` })),
    );
    const { status, text } = await tryIt({ limit: '3' });
    expect(status).toBe(200);
    expect(text).toContain('this would have refused 1 identity of 4 in October 2026');
    expect(text).toContain('$0.00–$0.05 less by price table “flat”. Nothing is set yet.');
    expect(text).toContain('name="limit" inputmode="numeric" maxlength="10" value="3"');
    expect((await tryIt({ limit: '' })).text).toContain('refused 0 identities of 4');
    expect(await budget()).toMatchObject({ limit: 100, source: 'configured' });
    expect(await audit()).toEqual([]);
  });

  it('has nothing to be tried on where nobody was counted, and faults of its own', async () => {
    expect((await tryIt({ limit: '3' })).text).toContain('nobody was counted in October 2026');
    expect((await tryIt({ limit: 'x' })).status).toBe(422);
    expect((await tryIt({ limit: '3', 'reserve.guest': '4' })).text).toContain('Keeps 4 places');
  });
});

describe('the other forms', () => {
  it('raise until an instant of UTC, or say why not', async () => {
    const admin = await open('admin-key');
    const form = { identities: '10', until: '2026-11-25T12:00', reason: 'Sale' };
    await admin.post('/ops/budget/raises', form).expect(303);
    expect((await budget()).raises[0]).toMatchObject({ expiresAt: '2026-11-25T12:00:00Z', identities: 10 });
    const late = await admin.post('/ops/budget/raises', { ...form, until: '2026-12-25T12:00' }).expect(422);
    expect(late.text).toContain('Is after the end of the month');
    await admin.post('/ops/budget/raises', { ...form, until: 'soon' }).expect(422);
    await admin.post('/ops/budget/raises', { ...form, identities: '0' }).expect(422);
    expect((await admin.get('/ops/budget')).text).toContain('2026-11-25 12:00 UTC');
  });

  it('raise the month of the page only, when it is over before the form is sent', async () => {
    gateway.clock.set(Date.parse('2026-11-30T23:59:30Z'));
    const admin = await open('admin-key');
    const month = await hiddenOf(admin, '/ops/budget', 'month');
    gateway.clock.advance(60_000);
    const form = { identities: '10', until: '', reason: 'Sale' };
    const late = await admin.post('/ops/budget/raises', { ...form, month }).expect(422);
    expect(late.text).toContain('Must be in the future');
    expect((await budget()).raises).toEqual([]);
    const now = await hiddenOf(admin, '/ops/budget', 'month');
    await admin.post('/ops/budget/raises', { ...form, month: now }).expect(303);
    expect((await budget()).raises).toMatchObject([{ expiresAt: '2027-01-01T00:00:00Z' }]);
  });

  it('end a raise early', async () => {
    const admin = await open('admin-key');
    const form = { identities: '10', until: '2026-11-25T12:00', reason: 'Sale' };
    await admin.post('/ops/budget/raises', form).expect(303);
    const { text } = await admin.get('/ops/budget');
    const [, raise = ''] = /<option value="(raise_[^"]+)">all: 10 more until 2026-11-25/.exec(text) ?? [];
    await admin.post('/ops/budget/raises/end', { raise, reason: '' }).expect(422, /Must not be blank/);
    await admin
      .post('/ops/budget/raises/end', { raise: 'raise_x', reason: 'x' })
      .expect(409, /no such raise/);
    const ended = await admin.post('/ops/budget/raises/end', { raise, reason: 'Sold out' }).expect(303);
    expect(ended.headers['location']).toBe('/ops/budget?done=raise-ended');
    expect((await budget()).effective.limit).toBe(100);
    expect((await audit())[0]).toMatchObject({ action: 'budget.raise-end', reason: 'Sold out' });
    expect((await admin.get('/ops/budget')).text).not.toContain('End a raise early');
  });

  it('freeze, and let in again', async () => {
    const admin = await open('admin-key');
    await admin.post('/ops/freeze', { frozen: 'yes', reason: 'Flood' }).expect(303);
    expect((await admin.get('/ops')).text).toContain('Frozen');
    const frozen = (await admin.get('/ops/budget')).text;
    expect(frozen).toContain('Let newcomers in again');
    expect(pairOf(frozen, 'The budget as it holds', 'Newcomers')).toBe('refused while it is frozen');
    expect(pairOf(frozen, 'The budget as it holds', 'Frozen')).toBe('since 2026-11-20 21:00 UTC');
    await admin.post('/ops/freeze', { frozen: 'no', reason: 'Over' }).expect(303);
    const lifted = (await admin.get('/ops/budget')).text;
    expect(lifted).toContain('While frozen, no newcomer gets a token');
    expect(pairOf(lifted, 'The budget as it holds', 'Newcomers')).toBe('let in');
    expect(pairOf(lifted, 'The budget as it holds', 'Frozen')).toBe('no');
    await admin.post('/ops/freeze', { frozen: 'yes', reason: '' }).expect(422);
    expect((await budget()).frozenSince).toBeNull();
    expect((await audit()).map(({ action }: { action: string }) => action)).toEqual([
      'freeze.lift',
      'freeze.set',
    ]);
  });

  it('block an identity, and allow it again', async () => {
    const admin = await open('admin-key');
    const path = '/ops/identities/m_a';
    await admin
      .post(`${path}/block`, { blocked: 'yes', reason: '' })
      .expect(422, /reason: Must not be blank/);
    const answer = await admin.post(`${path}/block`, { blocked: 'yes', reason: 'Abuse' }).expect(303);
    expect(answer.headers['location']).toBe('/ops/identities/m_a');
    expect((await admin.get(path)).text).toContain('>Blocked</strong>');
    await admin.post(`${path}/block`, { blocked: 'no', reason: 'Mistake' }).expect(303);
    expect((await admin.get(path)).text).toContain('>Served</strong>');
    expect((await admin.get('/ops/audit')).text).toContain('identity.unblock');
    await admin.post('/ops/identities/%20/block', { blocked: 'yes', reason: 'x' }).expect(404);
  });
});

describe('erasing the person of an identity', () => {
  const path = `/ops/identities/${ownIdentity('ada')}`;
  const form = { issuer: ISSUER, subject: 'ada', reason: 'Request 12', once: 'e' };
  beforeEach(() =>
    mintTokens(gateway.ledger, [
      { identity: ownIdentity('ada'), at: '2026-11-10T10:00:00Z' },
      { identity: ownIdentity('eve'), at: '2026-11-10T10:00:00Z' },
    ]),
  );

  it('puts a pseudonym in its place, keeps the counts, and writes down who, when and why, not whom', async () => {
    const admin = await open('admin-key');
    expect((await admin.get(path)).text).toContain(`<option>${ISSUER}</option>`);
    const before = (await budget()).used;
    const { text } = await admin.post(`${path}/erase`, form).expect(200);
    expect(text).toContain('The counts stay.');
    expect(text).not.toContain('ada');
    await admin.get(path).expect(404);
    expect((await budget()).used).toBe(before);
    const [entry] = await audit();
    expect(entry).toMatchObject({ by: 'the admin', action: 'person.erase', reason: 'Request 12' });
    expect(JSON.stringify(entry)).not.toMatch(/ada|erased_/);
    // Sent twice it is one write.
    await admin.post(`${path}/erase`, form).expect(200);
    expect(await audit()).toHaveLength(1);
  });

  it.each([
    [{ subject: 'eve' }, 'Is not the person behind this identity.'],
    [{ subject: 'nobody' }, 'Is not the person behind this identity.'],
    [{ issuer: 'https://other.example' }, 'Is not the person behind this identity.'],
    [{ subject: '' }, 'subject: Must not be empty.'],
    [{ reason: ' ' }, 'reason: Must not be blank.'],
    [{ subject: '<b>ada</b>' }, '&lt;b&gt;ada'],
  ])('does nothing with %j', async (change, words) => {
    const admin = await open('admin-key');
    const { text } = await admin.post(`${path}/erase`, { ...form, ...(change as Form) }).expect(422);
    expect(text).toContain(words);
    expect(text).not.toContain('<b>');
    await admin.get(path).expect(200);
    await admin.get(`/ops/identities/${ownIdentity('eve')}`).expect(200);
    expect(await audit()).toEqual([]);
  });
});

describe('asking Twilio', () => {
  it('writes down who asked, and why if that was said; finance may', async () => {
    const finance = await open('finance-key');
    const page = await finance.get('/ops/reconciliation?month=2026-11').expect(200);
    expect(page.text).toContain('name="reason" maxlength="500"');
    const path = '/ops/reconciliation?month=2026-11';
    await finance.post(path, {}).expect(303);
    await finance.post(path, { reason: ' Invoice ', once: 'p' }).expect(303);
    await finance.post(path, { reason: ' Invoice ', once: 'p' }).expect(303);
    expect(await audit()).toMatchObject([
      { by: 'the finance', action: 'reconciliation.pull', reason: 'Invoice' },
      { by: 'the finance', action: 'reconciliation.pull', reason: '' },
    ]);
  });

  it('is turned down with words that cannot be kept, from elsewhere, and by others', async () => {
    const finance = await open('finance-key');
    const path = '/ops/reconciliation';
    const { text } = await finance.post(path, { reason: 'x'.repeat(501) }).expect(422);
    expect(text).toContain('role="alert"');
    const sent = request(gateway.app).post(path).type('form');
    await sent.set({ ...finance.headers, 'Sec-Fetch-Site': 'cross-site' }).expect(403);
    await (await open('viewer-key')).post(path, {}).expect(403);
    expect(await audit()).toEqual([]);
  });
});

describe('who may send a form', () => {
  const PATHS = [
    '/ops/budget',
    '/ops/budget/raises',
    '/ops/budget/raises/end',
    '/ops/freeze',
    '/ops/identities/m_a/block',
    '/ops/identities/m_a/erase',
  ];

  it.each(PATHS)('%s takes it from admins only', async (path) => {
    const form = { limit: '1', mode: 'off', identities: '1', frozen: 'yes', blocked: 'yes', reason: 'x' };
    await (await open('finance-key')).post(path, form).expect(403, /needs the role admin/);
    await request(gateway.app).post(path).type('form').set(OWN).send(form).expect(401);
    expect(await audit()).toEqual([]);
    expect((await (await open('finance-key')).get('/ops/budget')).text).not.toContain('action="/ops/budget');
  });

  it.each(PATHS)('%s takes it from our own pages only', async (path) => {
    const { headers } = await open('admin-key');
    const form = { limit: '1', mode: 'off', identities: '1', frozen: 'yes', blocked: 'yes', reason: 'x' };
    for (const from of [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'none' },
    ]) {
      const sent = request(gateway.app)
        .post(path)
        .type('form')
        .set({ ...headers, ...from });
      await sent.send(form).expect(403);
    }
    const { Cookie } = headers;
    const evil = { Cookie, Origin: 'https://evil.example' };
    await request(gateway.app).post(path).type('form').set(evil).send(form).expect(403);
    expect(await audit()).toEqual([]);
  });
});
