import { readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { type Month, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { readAssets } from '../../src/ops/assets.ts';
import { budgetOf } from '../ledger/contract/builders.ts';
import { ADMIN, createOperatorApp, FINANCE, type OperatorApp, VIEWER } from '../ops/operator-app.ts';
import { mintTokens } from '../reports/fill-month.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";

let gateway: OperatorApp;
beforeEach(async () => {
  gateway = createOperatorApp();
  await mintTokens(gateway.ledger, [
    { identity: 'm_a', at: '2026-10-10T10:00:00Z' },
    { identity: 'm_a', at: '2026-11-01T10:00:00Z' },
    { identity: 'g_b', at: '2026-11-02T10:00:00Z', className: '<guest>', tenant: 'acme' },
  ]);
});
afterEach(() => gateway.ledger.close());

function get(path: string, headers: Record<string, string> = FINANCE) {
  return request(gateway.app).get(path).set(headers);
}

describe('GET /ops', () => {
  it('shows the current month to a key', async () => {
    const { text, headers } = await get('/ops').expect(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
    });
    expect(text).toContain('November 2026 (UTC)');
    expect(text).toContain('the finance');
    expect(text).toContain('&lt;guest&gt;');
    expect(text).not.toContain('<guest>');
    expect(text).not.toContain('Sign out');
  });

  it('shows another month, service and the limits of classes and tenants', async () => {
    await gateway.ledger.configureBudget(
      DEFAULT_SERVICE,
      parseMonth('2026-11') as Month,
      budgetOf({ scopes: { all: 1, 'class:<guest>': 5, 'tenant:acme': 7 } }),
    );
    const november = await get('/ops');
    expect(november.text).toContain('1 over budget');
    expect(november.text).toContain('class &lt;guest&gt;');
    expect(november.text).toContain('tenant acme');
    expect((await get('/ops?month=2026-10')).text).toContain('October 2026 (UTC)');
    expect((await get('/ops?service=shop')).text).toContain('Nobody has been counted in November 2026 yet.');
  });

  it('shows the month before beside one that has just begun', async () => {
    gateway.clock.set(Date.parse('2026-11-03T23:59:59Z'));
    expect((await get('/ops')).text).toContain('The month before: October 2026');
    gateway.clock.set(Date.parse('2026-11-04T00:00:00Z'));
    expect((await get('/ops')).text).not.toContain('The month before: October 2026');
  });

  it('keeps money and exports from viewers', async () => {
    const { text } = await get('/ops', VIEWER).expect(200);
    expect(text).not.toContain('$');
    expect(text).not.toContain('/ops/exports/');
    await get('/ops', ADMIN).expect(200, /\$0\.00–\$0\.10/);
  });

  it('says what is wrong with an address', async () => {
    await get('/ops?month=11-2026').expect(400, /No such month/);
    await get('/ops?service=nobody').expect(404, /No such service/);
  });

  it('says that the ledger is away, and shows no figures then', async () => {
    await gateway.ledger.close();
    const totals = () =>
      Promise.reject(new GatewayError('ledger-unavailable', 'redis at 10.0.0.1 timed out'));
    gateway = createOperatorApp({ ledger: { totals } });
    const { text, headers } = await get('/ops').expect(503);
    expect(headers['retry-after']).toBe('1');
    expect(text).toContain('The ledger does not answer');
    expect(text).toContain('<a href="/problems/ledger-unavailable">ledger-unavailable</a>, request <code>');
    expect(text).not.toContain('10.0.0.1');
  });
});

describe('figures that were read before', () => {
  it('stay, with their age, while the ledger is away', async () => {
    await gateway.ledger.close();
    let away = false;
    const fails = () => Promise.reject(new GatewayError('ledger-unavailable', 'redis at 10.0.0.1 timed out'));
    const store = openSqliteLedger({ path: ':memory:' });
    gateway = createOperatorApp({
      ledger: { totals: (...asked) => (away ? fails() : store.totals(...asked)) },
    });
    await mintTokens(store, [{ identity: 'm_a', at: '2026-11-01T10:00:00Z' }]);
    await get('/ops').expect(200);
    away = true;
    gateway.clock.advance(90_000);
    const { text } = await get('/ops').expect(503);
    expect(text).toContain('last known figures, 90 s old');
    expect(text).toContain('$0.05');
    expect(text).not.toContain('10.0.0.1');
    const viewer = await get('/ops', VIEWER).expect(503);
    expect(viewer.text).not.toContain('$');
    await get('/ops?month=2026-10').expect(503, /old or empty ones would mislead/);
    await store.close();
  });
});

describe('the files of the page', () => {
  it('come to anyone, under an address that names their content', async () => {
    const { text } = await get('/ops', {}).expect(200);
    const [style = ''] = /\/ops\/assets\/\w+\/ops\.css/.exec(text) ?? [];
    const { headers } = await get(style, {}).expect(200);
    expect(headers['content-type']).toBe('text/css; charset=utf-8');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    await get(style.replace(/assets\/\w+/, 'assets/0123456789ab'), {}).expect(404);
    await get(style.replace('ops.css', '..%2Foperator.ts'), {}).expect(404);
  });

  it('hold both themes and no address of elsewhere', () => {
    const styles = readAssets().find(version(), 'ops.css')?.body.toString() ?? '';
    expect(styles).toContain('light-dark(');
    expect(styles).not.toMatch(/@import|url\(/);
  });

  it('are scripts of less than 40 kB, packed', () => {
    const assets = readAssets();
    const names = [...readdirSync(new URL('../../src/ops/scripts/', import.meta.url)), 'uplot.js'];
    expect(names).toContain('main.js');
    const bytes = names.map((name) => gzipSync(assets.find(version(), name)?.body ?? '').length);
    expect(Math.min(...bytes)).toBeGreaterThan(100);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(40_000);
  });

  function version(): string {
    return readAssets().address('ops.css').split('/')[3] ?? '';
  }
});

describe('the exports of the page', () => {
  it.each([
    ['identities', /^identity,class,firstSeen,lastSeen,mints,signals\r\n/],
    ['mints', /^id,at,identity,class,subject,intent,outcome,expiresAt,rule,first\r\n/],
  ])('give every one of the %s as CSV', async (kind, header) => {
    const { text, headers } = await get(`/ops/exports/2026-11/${kind}.csv?service=default`).expect(200);
    expect(text).toMatch(header);
    expect(text.trimEnd().split('\r\n')).toHaveLength(3);
    expect(headers['content-disposition']).toBe(
      `attachment; filename="mau-guard-default-2026-11-${kind}.csv"`,
    );
  });

  it('need finance', async () => {
    await get('/ops/exports/2026-11/mints.csv', {}).expect(401);
    await get('/ops/exports/2026-11/mints.csv', VIEWER).expect(403);
  });

  it('exist for months and services that exist', async () => {
    await get('/ops/exports/2026-13/mints.csv').expect(404);
    await get('/ops/exports/2026-11/mints.csv?service=nobody').expect(404);
    await get('/ops/exports/2026-11/alerts.csv').expect(404);
  });
});
