import { describe, expect, it } from '@jest/globals';
import { buildMonthPage } from '../../src/ops/month-page.ts';
import { emptyMonth, monthNamed, sampleMonth, serviceNamed } from './sample-month.ts';

const HOSTILE = `<img src=x onerror="alert('1')">&`;

describe('the month page', () => {
  it('holds every figure in words', () => {
    const page = buildMonthPage(sampleMonth());
    const { summary } = sampleMonth();
    for (const text of [
      '<span>November 2026 (UTC)</span>',
      'Warning at 500 identities',
      `<dd class="value">${summary.identities.total}</dd>`,
      '<dd class="value">2,412</dd>',
      `<dd class="value">301–${summary.identities.total}</dd>`,
      `<dd class="value">$15.05–$${(summary.identities.total * 0.05).toFixed(2)}</dd>`,
      '/ops/exports/2026-11/identities.csv?service=default',
      '/ops/exports/2026-11/mints.csv?service=default',
      'href="/ops?month=2026-10&amp;service=default"',
      'aria-current="page">Nov 2026',
      'twilio-2026-11',
      'href="/problems/lazy-connect-required"',
    ]) {
      expect(page).toContain(text);
    }
    expect(page).not.toContain('class="demo"');
  });

  it('has no script, no style and no address of elsewhere but the sources', () => {
    const page = buildMonthPage(sampleMonth({ demo: true }));
    expect(page).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|javascript:/i);
    const elsewhere = [...page.matchAll(/(?:href|src|action)="(https?:[^"]*)"/g)].map(
      ([, address]) => address,
    );
    for (const address of elsewhere) expect(address).toMatch(/^https:\/\/(www|help)\.twilio\.com\//);
  });

  it('gives each table a caption and each header cell a scope', () => {
    const page = buildMonthPage(sampleMonth());
    const tables = page.split('<table').slice(1);
    expect(tables.length).toBeGreaterThanOrEqual(5);
    for (const table of tables) expect(table).toMatch(/^[^>]*><caption[ >]/);
    expect(page).not.toMatch(/<th(?![^>]*\sscope=)[\s>]/);
    expect(page.match(/<h1>/g)).toHaveLength(1);
  });

  it('is well-formed in every state', () => {
    for (const model of [sampleMonth(), emptyMonth(), sampleMonth({ demo: true, signedIn: false })]) {
      expect(findUnbalanced(buildMonthPage(model))).toEqual([]);
    }
  });

  it('escapes what others have named', () => {
    const model = sampleMonth();
    const page = buildMonthPage({
      ...model,
      summary: {
        ...model.summary,
        identities: { ...model.summary.identities, byClass: { [HOSTILE]: 3 } },
        mints: { ...model.summary.mints, refused: { [HOSTILE]: 1 } },
      },
      limits: [{ scope: `tenant:${HOSTILE}`, limit: 5, used: 2 }],
      operator: { name: HOSTILE, role: 'viewer' },
    });
    expect(page).not.toContain('<img src=x');
    expect(page).not.toContain('onerror="');
    expect(page).toContain('tenant &lt;img src=x');
    expect(page).toContain('/problems/%3Cimg');
    expect(findUnbalanced(page)).toEqual([]);
  });
});

describe('what a viewer does not get', () => {
  it('is money and exports', () => {
    const { summary } = sampleMonth();
    const { cost: _cost, ...withoutMoney } = summary;
    const page = buildMonthPage(
      sampleMonth({ summary: withoutMoney, operator: { name: 'vic', role: 'viewer' } }),
    );
    expect(page).not.toContain('$');
    expect(page).not.toContain('/ops/exports/');
    expect(page).toContain('need the role finance');
  });
});

describe('the page of a month', () => {
  it('that is empty says what to do', () => {
    const page = buildMonthPage(emptyMonth());
    expect(page).toContain('Nobody has been counted in November 2026 yet.');
    expect(page).toContain('POST /v1/tokens');
    expect(page).toContain('No budget');
    expect(page).not.toContain('<figure');
  });

  it('that is over, or has not begun, says so', () => {
    const { summary } = emptyMonth();
    const past = buildMonthPage(emptyMonth({ summary: { ...summary, month: monthNamed('2026-09') } }));
    expect(past).toContain('Nobody was counted in September 2026.');
    const future = buildMonthPage(
      emptyMonth({ summary: { ...summary, month: monthNamed('2027-02') }, days: [] }),
    );
    expect(future).toContain('February 2027 has not begun (UTC).');
    expect(future).not.toContain('Day by day');
  });

  it('that has just begun shows the month before', () => {
    const { summary } = sampleMonth();
    const previous = {
      ...summary,
      month: monthNamed('2026-10'),
      identities: { ...summary.identities, total: 8_213 },
    };
    const page = buildMonthPage(emptyMonth({ nowMs: Date.parse('2026-11-02T08:00:00Z'), previous }));
    expect(page).toContain('The month before: October 2026');
    expect(page).toContain('8,213');
    expect(page).toContain('The month before ended at 8,213.');
  });

  it('that is over its budget by evidence says why', () => {
    const { summary } = sampleMonth();
    const budget = {
      limit: 300,
      raised: 20,
      used: 323,
      remaining: 0,
      overByEvidence: 23,
      mode: 'block',
    } as const;
    const page = buildMonthPage(sampleMonth({ summary: { ...summary, budget } }));
    expect(page).toContain('23 over budget');
    expect(page).toContain('23 above the limit: activity elsewhere');
    expect(page).toContain('20 of the limit are a temporary raise');
    expect(page).toContain('bar-alarm');
  });

  it('of several services has a picker, and a demo has its banner', () => {
    const services = [serviceNamed('default'), serviceNamed('shop')];
    const page = buildMonthPage(sampleMonth({ services, demo: true }));
    expect(page).toContain('href="/ops?month=2026-11&amp;service=shop"');
    expect(page).toContain('<strong>Demo.</strong>');
  });

  it('opened by a key has nothing to sign out of', () => {
    expect(buildMonthPage(sampleMonth())).toContain('Sign out');
    expect(buildMonthPage(sampleMonth({ signedIn: false }))).not.toContain('Sign out');
  });
});

const VOID = new Set(['meta', 'link', 'input', 'img', 'br', '!doctype']);

/** Elements that are not closed in the order in which they were opened. */
function findUnbalanced(page: string): string[] {
  const open: string[] = [];
  for (const [, slash, name = '', rest = ''] of page.matchAll(/<(\/?)([a-z!][a-z0-9]*)([^>]*)>/gi)) {
    if (VOID.has(name.toLowerCase()) || rest.endsWith('/')) continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) return [`</${name}> closes something else`];
  }
  return open;
}
