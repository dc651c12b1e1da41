import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import type { Identity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { ADMIN, createOperatorApp, FINANCE, type OperatorApp, VIEWER } from '../ops/operator-app.ts';
import { mintTokens } from '../reports/fill-month.ts';

let gateway: OperatorApp;
beforeEach(async () => {
  gateway = createOperatorApp();
  await mintTokens(gateway.ledger, [
    { identity: 'm_a', at: '2026-10-10T10:00:00Z' },
    { identity: 'm_a', at: '2026-11-01T10:00:00Z' },
    { identity: 'm_ab', at: '2026-11-01T11:00:00Z' },
    { identity: 'g_b', at: '2026-11-02T10:00:00Z', className: 'guest' },
  ]);
});
afterEach(() => gateway.ledger.close());

function get(path: string, headers: Record<string, string> = ADMIN) {
  return request(gateway.app).get(path).set(headers);
}

describe('every page', () => {
  it.each([
    ['/ops', 'viewer'],
    ['/ops/budget', 'viewer'],
    ['/ops/alerts', 'viewer'],
    ['/ops/counting', 'viewer'],
    ['/ops/identities', 'finance'],
    ['/ops/identities/m_a', 'admin'],
    ['/ops/audit', 'admin'],
  ])('%s is for the role %s and those above', async (path, least) => {
    const roles = [VIEWER, FINANCE, ADMIN];
    for (const [rank, role] of ['viewer', 'finance', 'admin'].entries()) {
      const isAllowed = rank >= ['viewer', 'finance', 'admin'].indexOf(least);
      const { status, headers, text } = await get(path, roles[rank]);
      expect([role, status]).toEqual([role, isAllowed ? 200 : 403]);
      expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
      expect(headers['cache-control']).toBe('no-store');
      if (!isAllowed) expect(text).not.toContain('got a token');
    }
    const form = await get(path, {}).expect(200);
    expect(form.text).toContain('action="/ops/login"');
    await get(`${path}?service=nobody`).expect(404, /No such service/);
  });

  it('stays below 20 kB with a full list', async () => {
    const people = Array.from({ length: 60 }, (_, index) => ({
      identity: `m_${String(index).padStart(22, '0')}`,
      at: '2026-11-03T10:00:00Z',
    }));
    await mintTokens(gateway.ledger, people);
    const { text } = await get('/ops/identities').expect(200);
    expect(text.match(/<tr>/g)).toHaveLength(41);
    expect(Buffer.byteLength(text)).toBeLessThan(20_000);
  });

  it('says so when the ledger is away', async () => {
    await gateway.ledger.close();
    const fails = () => Promise.reject(new GatewayError('ledger-unavailable', 'redis at 10.0.0.1 timed out'));
    gateway = createOperatorApp({
      ledger: { identities: fails, identityFile: fails, alerts: fails, audit: fails, limits: fails },
    });
    for (const path of [
      '/ops/identities',
      '/ops/identities/m_a',
      '/ops/alerts',
      '/ops/audit',
      '/ops/budget',
    ]) {
      const { text } = await get(path).expect(503);
      expect(text).toContain('The ledger does not answer');
      expect(text).not.toContain('10.0.0.1');
    }
  });
});

describe('a look at a month', () => {
  it('reads totals, never people; a list reads its rows, and a search stops early', async () => {
    let rows = 0;
    const { ledger } = gateway;
    const watched = createOperatorApp({
      ledger: {
        totals: (...asked) => ledger.totals(...asked),
        days: (...asked) => ledger.days(...asked),
        mints: () => Promise.reject(new Error('no page reads the mint log')),
        identities: async (...asked) => {
          const page = await ledger.identities(...asked);
          rows += page.items.length;
          return page;
        },
      },
    });
    const people = Array.from({ length: 12_000 }, (_, index) => ({
      ...{ identity: `m_${index}` as Identity, signal: 'connected' as const, source: 'beacon' as const },
      ...{ at: Date.parse('2026-11-03T10:00:00Z'), className: 'member' },
    }));
    await ledger.record(DEFAULT_SERVICE, people);
    const look = (path: string) => request(watched.app).get(path).set(ADMIN).expect(200);
    for (const path of ['/ops', '/ops/budget', '/ops/reconciliation', '/ops/alerts', '/ops/counting'])
      await look(path);
    expect(rows).toBe(0);
    await look('/ops/identities');
    expect(rows).toBeLessThan(100);
    const { text } = await look('/ops/identities?q=zz');
    expect(rows).toBeLessThan(11_200);
    expect(text).toContain('None of those read so far match.');
    expect(text).toContain('Search on');
    await watched.ledger.close();
  });
});

describe('a search on a slow machine', () => {
  it('stops when its time is up, and goes on where it stopped until everybody was read', async () => {
    const { ledger } = gateway;
    const people = Array.from({ length: 4_500 }, (_, index) => ({
      ...{ identity: `m_${index}` as Identity, signal: 'connected' as const, source: 'beacon' as const },
      ...{ at: Date.parse('2026-11-03T10:00:00Z'), className: 'member' },
    }));
    await ledger.record(DEFAULT_SERVICE, people);
    let reads = 0;
    const slow: OperatorApp = createOperatorApp({
      ledger: {
        identityFile: (...asked) => ledger.identityFile(...asked),
        identities: (...asked) => {
          reads += 1;
          slow.clock.advance(60);
          return ledger.identities(...asked);
        },
      },
    });
    const found: string[] = [];
    let path = '/ops/identities?q=m_449';
    for (let looks = 1; path !== ''; looks++) {
      const before = reads;
      const { text } = await request(slow.app).get(path).set(ADMIN).expect(200);
      // The first part, one that begins in time, and no more.
      if (looks > 1 || !text.includes('rel="next"')) expect(reads - before).toBeLessThanOrEqual(2);
      found.push(
        ...[...text.matchAll(/<th scope="row">(?:<a [^>]*>)?(m_449\d?)/g)].map(([, name = '']) => name),
      );
      path = (/rel="next" href="([^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&amp;', '&');
    }
    const all = ['m_449', ...Array.from({ length: 10 }, (_, digit) => `m_449${digit}`)];
    // The exact name first, and once more among those that begin so.
    expect(found.toSorted()).toEqual(['m_449', ...all]);
    await slow.ledger.close();
  });
});

describe('the list of identities', () => {
  it('shows those of the month, and goes on by cursor', async () => {
    const { text } = await get('/ops/identities?month=2026-11').expect(200);
    expect(text).toContain('href="/ops/identities/m_ab"');
    expect(text).toContain('>g_b</a>');
    expect((await get('/ops/identities', FINANCE)).text).not.toContain('href="/ops/identities/m_ab');
    expect((await get('/ops/identities?month=2026-10')).text).not.toContain('m_ab');
  });

  it('finds one by name without reading others, and those that begin so', async () => {
    let reads = 0;
    await gateway.ledger.close();
    const full = createOperatorApp();
    const { ledger } = full;
    await mintTokens(ledger, [
      { identity: 'm_a', at: '2026-11-01T10:00:00Z' },
      { identity: 'm_ab', at: '2026-11-01T11:00:00Z' },
    ]);
    gateway = createOperatorApp({
      ledger: {
        identityFile: (...asked) => ledger.identityFile(...asked),
        identities: (...asked) => {
          reads++;
          return ledger.identities(...asked);
        },
      },
    });
    const { text } = await get('/ops/identities?q=m_a&class=&signal=&not=').expect(200);
    expect(text).toContain('>m_a</a>');
    expect(text).not.toContain('>m_ab</a>');
    expect(reads).toBe(0);
    const [, next = ''] = /rel="next" href="([^"]*)"/.exec(text) ?? [];
    const all = await get(next.replaceAll('&amp;', '&')).expect(200);
    expect(all.text).toContain('>m_ab</a>');
    await ledger.close();
  });

  it('says what a filter without a match can do', async () => {
    const { text } = await get('/ops/identities?q=zz&signal=read').expect(200);
    expect(text).toContain('No identity of November 2026 matches.');
    expect(text).toContain('href="/ops/identities?month=2026-11">Clear the filter');
    expect(text).toContain('value="zz"');
    expect(text).toContain('<option value="read" selected>');
    expect((await get('/ops/identities?month=2026-09')).text).toContain(
      'Nobody was counted in September 2026.',
    );
  });

  it.each(['?signal=dancing', '?cursor=x', '?limit=5', '?month=2026-13', '?q=a&q=b'])(
    'turns down %s',
    async (query) => {
      await get(`/ops/identities${query}`).expect(400);
    },
  );

  it('takes no cursor of another question', async () => {
    const { text } = await get('/ops/identities?q=m_a').expect(200);
    const [, cursor = ''] = /cursor=([\w-]+)/.exec(text) ?? [];
    await get(`/ops/identities?q=m_a&cursor=${cursor}`).expect(200);
    await get(`/ops/identities?q=m_b&cursor=${cursor}`).expect(400);
  });

  it('escapes what was typed', async () => {
    const { text } = await get(`/ops/identities?q=${encodeURIComponent('"><script>alert(1)</script>')}`);
    expect(text).not.toContain('<script>alert');
  });
});

describe('the page of an identity', () => {
  it('says why it was counted', async () => {
    const { text } = await get('/ops/identities/m_a').expect(200);
    expect(text).toContain('November 2026');
    expect(text).toContain('October 2026');
    expect(text).toContain('got a token');
    expect(text).not.toContain('<form method="post" action="/ops/identities');
  });

  it('that is not known is told apart', async () => {
    await get('/ops/identities/m_zz').expect(404, /Nothing is known of this identity/);
    await get('/ops/identities/%3Cscript%3E').expect(404);
  });
});
