import { describe, expect, it } from '@jest/globals';
import { buildMonthPage } from '../../src/ops/month-page.ts';
import { FORECAST, WASTE } from './sample-figures.ts';
import { emptyMonth, monthNamed, sampleFrame, sampleMonth, serviceNamed } from './sample-month.ts';

const HOSTILE = `<img src=x onerror="alert('1')">&`;

describe('the month page', () => {
  it('holds every figure in words', () => {
    const page = buildMonthPage(sampleMonth());
    const { summary } = sampleMonth();
    for (const text of [
      '<span>November 2026 (UTC)</span>',
      'Warning at 500 identities',
      `<span data-live="identities.total">${summary.identities.total}</span>`,
      '<span data-live="mints.minted">2,412</span>',
      `data-as="count-range">301–${summary.identities.total}</span>`,
      `data-as="dollars-range">$15.05–$${(summary.identities.total * 0.05).toFixed(2)}</span>`,
      'action="/ops/exports/2026-11"',
      `<option value="identities">${summary.identities.total} identities</option>`,
      '<option value="mints">2,412 mints</option>',
      'href="/v1/months/2026-11/days">JSON</a>',
      'href="/ops?month=2026-10"',
      'aria-current="page">Nov 2026',
      'href="/problems/lazy-connect-required"',
    ]) {
      expect(page).toContain(text);
    }
    expect(page).not.toContain('class="demo"');
  });

  it('has no inline script, no style and no address of elsewhere', () => {
    const page = buildMonthPage(sampleMonth({ frame: sampleFrame({ demo: true }) }));
    expect(page).not.toMatch(
      /<script(?![^>]* src="\/ops\/assets\/)|<style|\sstyle=|\son[a-z]+=|javascript:/i,
    );
    expect(page).not.toMatch(/(?:href|src|action)="https?:/);
  });

  it('is small: every day of a long month, and all panels', () => {
    const days = Array.from({ length: 31 }, (_, index) => ({
      ...sampleMonth().days[index % 20]!,
      cumulative: 900_000 + index,
    }));
    const page = buildMonthPage(sampleMonth({ days, previousDays: days, forecast: FORECAST, waste: WASTE }));
    expect(Buffer.byteLength(page)).toBeLessThan(19_000);
  });

  it('says where they came from, with the way to the list for those who may see it', () => {
    const tenants = Array.from({ length: 10 }, (_, n) => ({
      tenant: `customer-number-${n}`,
      identities: 9 - n,
    }));
    const days = Array.from({ length: 31 }, (_, index) => sampleMonth().days[index % 20]!);
    const origins = { ...sampleMonth().origins, tenants, tenantsMore: 1_200 };
    const model = { origins, days, previousDays: days, forecast: FORECAST, waste: WASTE };
    const page = buildMonthPage(sampleMonth(model));
    expect(Buffer.byteLength(page)).toBeLessThan(20_000);
    for (const text of [
      '<a href="/ops/identities?month=2026-11&amp;class=guest">guest</a><td>64<td>15 %',
      'class=member&amp;signal=connected&amp;not=minted">1</a>',
      'Tenants that logins named; 1,200 more have fewer.',
      '<th>customer-number-9<td>',
    ]) {
      expect(page).toContain(text);
    }
    const viewer = { operator: { name: 'vic', role: 'viewer' } } as const;
    const seen = buildMonthPage(sampleMonth({ ...model, frame: sampleFrame({ visitor: viewer }) }));
    expect(seen).toContain('<th>guest<td>');
    expect(seen).not.toContain('/ops/identities');
  });

  it('gives each table a caption and each head of a column a scope', () => {
    const page = buildMonthPage(sampleMonth());
    const tables = page.split('<table').slice(1);
    expect(tables.length).toBeGreaterThanOrEqual(4);
    for (const table of tables) expect(table).toMatch(/^[^>]*><caption[ >]/);
    for (const [head] of page.matchAll(/<thead>.*?<\/thead>/gs))
      expect(head).not.toMatch(/<th(?![^>]*\sscope=)[\s>]/);
    expect(page.match(/<h1>/g)).toHaveLength(1);
  });

  it('is well-formed in every state', () => {
    const states = [
      sampleMonth(),
      sampleMonth({ forecast: FORECAST, waste: WASTE, previousDays: sampleMonth().days, ageSeconds: 30 }),
      emptyMonth(),
      sampleMonth({ frame: sampleFrame({ demo: true, visitor: { signedIn: false } }) }),
    ];
    for (const model of states) {
      expect(findUnbalanced(buildMonthPage(model))).toEqual([]);
    }
  });

  it('escapes what others have named', () => {
    const model = sampleMonth();
    const page = buildMonthPage({
      ...model,
      summary: {
        ...model.summary,
        mints: { ...model.summary.mints, refused: { [HOSTILE]: 1 } },
      },
      origins: {
        classes: [{ className: HOSTILE, identities: 3, withToken: 1, otherToken: 1, byEvents: 1 }],
        tenants: [{ tenant: HOSTILE, identities: 3 }],
        tenantsMore: 0,
      },
      limits: [{ scope: `tenant:${HOSTILE}`, limit: 5, used: 2 }],
      frame: sampleFrame({ visitor: { operator: { name: HOSTILE, role: 'viewer' } } }),
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
      sampleMonth({
        summary: withoutMoney,
        frame: sampleFrame({ visitor: { operator: { name: 'vic', role: 'viewer' } } }),
      }),
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
    expect(page).toContain('curl -s -X POST https://mau.example/v1/tokens');
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
    expect(page).toContain('Of those above the limit, 23 identities never got a token here');
    expect(page).toContain('20 of the limit are a temporary raise');
    expect(page).toContain('bar-alarm');
  });

  it('of several services has a picker, and a demo has its banner', () => {
    const services = [serviceNamed('default'), serviceNamed('shop')];
    const page = buildMonthPage(sampleMonth({ frame: sampleFrame({ demo: true, visitor: { services } }) }));
    expect(page).toContain('href="/ops?month=2026-11&amp;service=shop"');
    expect(page).toContain('<strong>Demo.</strong>');
  });

  it('opened by a key has nothing to sign out of', () => {
    expect(buildMonthPage(sampleMonth())).toContain('Sign out');
    expect(
      buildMonthPage(sampleMonth({ frame: sampleFrame({ visitor: { signedIn: false } }) })),
    ).not.toContain('Sign out');
  });
});

describe('figures that could not be read anew', () => {
  it('are marked as old, with their age, and are not brought up to date', () => {
    const page = buildMonthPage(sampleMonth({ ageSeconds: 130 }));
    expect(page).toContain('These are the last known figures, 2 min old.');
    expect(page).toContain('class="old"');
    expect(page).not.toContain('data-events');
    expect(buildMonthPage(sampleMonth())).toContain('data-events="/v1/events"');
  });
});

describe('the forecast', () => {
  it('stands in words and in the drawing', () => {
    const page = buildMonthPage(sampleMonth({ forecast: FORECAST }));
    expect(page).toContain('430–520 identities at the end of the month');
    expect(page).toContain('runs out on Nov 27 (at the earliest Nov 25, perhaps not at all)');
    expect(page).toContain('By how far Oct 2026 had come');
    expect(page).toContain('data-forecast="430 470 520"');
    expect(page).toContain('class="band"');
  });

  it('is not made up where there is none', () => {
    const none = { ...FORECAST, identities: null, cost: null, method: 'none', exhaustedOn: null } as const;
    const page = buildMonthPage(sampleMonth({ forecast: { ...none, reason: 'too-early' } }));
    expect(page).toContain('none before the third day');
    expect(page).toContain('data-forecast=""');
    expect(buildMonthPage(sampleMonth({ forecast: { ...FORECAST, method: 'final' } }))).not.toContain(
      '<h2>Forecast',
    );
  });
});

describe('cost without value', () => {
  it('lists the kinds that there are', () => {
    const page = buildMonthPage(sampleMonth({ waste: WASTE }));
    expect(page).toContain('guests of one day');
    expect(page).toContain('$1.00–$3.00');
    expect(page).not.toContain('the same person once more');
  });
});

const VOID = new Set(['meta', 'link', 'input', 'img', 'br', '!doctype']);

/** Elements that are not closed in the order in which they were opened. */
function findUnbalanced(page: string): string[] {
  const open: string[] = [];
  for (const [, slash, name = '', rest = ''] of page.matchAll(/<(\/?)([a-z!][a-z0-9]*)([^>]*)>/gi)) {
    if (VOID.has(name.toLowerCase()) || rest.endsWith('/')) continue;
    // Their end tags may be left out.
    if (name === 'tbody' && slash !== '') while (/^t[rhd]$/.test(open.at(-1) ?? '')) open.pop();
    if (slash === '') open.push(name);
    else if (open.pop() !== name) return [`</${name}> closes something else`];
  }
  return open;
}
