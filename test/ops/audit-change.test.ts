import { describe, expect, it } from '@jest/globals';
import { buildAuditChange } from '../../src/ops/audit-change.ts';
import { textOf } from './page-text.ts';

const linesOf = (before: unknown, after: unknown) =>
  String(buildAuditChange(before, after))
    .split('</p>')
    .map(textOf)
    .filter((line) => line !== '');

describe('a change in the audit log', () => {
  it('names only what differs, with what was there before', () => {
    const before = { mode: 'warn', scopes: { all: 400, 'tenant:acme': 5 }, thresholds: [50, 90] };
    const after = { mode: 'warn', scopes: { all: 80, 'class:guest': 40 }, thresholds: [50] };
    expect(linesOf(before, after)).toEqual([
      'scopes.all: 400 → 80',
      'scopes.tenant:acme: 5 → none',
      'scopes.class:guest: none → 40',
      'thresholds: [50,90] → [50]',
    ]);
  });

  it('is whole where there was nothing before, or nothing after', () => {
    expect(linesOf(null, { limit: 5 })).toEqual(['null → {"limit":5}']);
    expect(linesOf({ spikeGuard: null }, { spikeGuard: { factor: 2 } })).toEqual([
      'spikeGuard: null → {"factor":2}',
    ]);
  });

  it('says so when nothing differs', () => {
    expect(linesOf({ since: null }, { since: null })).toEqual(['nothing differs']);
  });

  it('knows a tenant by any name', () => {
    expect(linesOf({}, JSON.parse('{"__proto__":1,"constructor":2}'))).toEqual([
      '__proto__: none → 1',
      'constructor: none → 2',
    ]);
  });

  it('is folded away when it is long, and escaped', () => {
    const tenants = Object.fromEntries(Array.from({ length: 40 }, (_, nth) => [`<tenant ${nth}>`, nth]));
    const folded = String(buildAuditChange({ tenants: {} }, { tenants }));
    expect(folded).toMatch(/^<details><summary>Before and after<\/summary><p>tenants\.&lt;tenant 0&gt;/);
    expect(String(buildAuditChange({ limit: 4 }, { limit: 5 }))).not.toContain('<details>');
  });
});
