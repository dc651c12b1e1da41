import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_KEY, type OperatorGateway, startOperatorGateway } from '../cli/operator-gateway.ts';
import { fillMonths } from '../ops/fill-months.ts';
import { mintTokens } from '../reports/fill-month.ts';

let gateway: OperatorGateway;
beforeAll(async () => {
  gateway = await startOperatorGateway({ MAU_BUDGET_IDENTITIES: '300', MAU_BUDGET_MODE: 'warn' });
  const { ledger } = gateway.gateway;
  await fillMonths(ledger);
  await mintTokens(ledger, [{ identity: 'm_one@more', at: '2026-11-20T10:00:00Z' }]);
});
afterAll(() => gateway.stop());

const get = (path: string) =>
  fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });

const PAGES: [path: string, raws: number][] = [
  ['/ops', 4],
  ['/ops/identities?class=guest&signal=connected&not=left&q=g', 2],
  [`/ops/identities/${encodeURIComponent('m_one@more')}`, 1],
  ['/ops/budget', 1],
  ['/ops/reconciliation', 2],
  ['/ops/alerts', 1],
  ['/ops/system', 1],
  ['/ops/audit', 1],
  ['/ops/counting', 0],
];

describe.each(PAGES)('%s', (path, raws) => {
  let page: string;
  beforeAll(async () => {
    page = await (await get(path)).text();
  });

  it('has a name of its own for every panel with a title', () => {
    const panels = [...page.matchAll(/<(?:section|figure) class="panel[^>]*>/g)].map(([tag]) => tag);
    expect(panels.length).toBeGreaterThan(0);
    for (const tag of panels) expect(tag).toMatch(/ id="[\w-]+"/);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect([...new Set(ids)]).toEqual(ids);
    for (const [, id] of page.matchAll(/ aria-(?:labelledby|describedby)="([^"]+)"/g)) {
      expect(ids).toContain(id);
    }
  });

  it('leads to its figures in the API', async () => {
    const links = [...page.matchAll(/<a class="raw" href="([^"]+)"/g)].map(([, link = '']) =>
      link.replaceAll('&amp;', '&'),
    );
    expect(links).toHaveLength(raws);
    for (const link of links) {
      const answer = await get(link);
      const isExport = link.startsWith('/ops/exports/');
      expect([link, answer.status, answer.headers.get('content-type')]).toEqual([
        link,
        200,
        isExport ? 'text/csv; charset=utf-8' : expect.stringContaining('application/json'),
      ]);
    }
  });
});

it('the list of identities and its link to the API have the same filter', async () => {
  const page = await (await get('/ops/identities?class=guest&signal=connected&not=left')).text();
  const [, link = ''] = /<a class="raw" href="(\/v1[^"]+)">JSON, whole names/.exec(page) ?? [];
  const { items } = (await (await get(link.replaceAll('&amp;', '&'))).json()) as {
    items: { identity: string; class: string; signals: string[] }[];
  };
  expect(items.length).toBeGreaterThan(5);
  for (const { class: className, signals } of items) {
    expect([className, signals.includes('connected'), signals.includes('left')]).toEqual([
      'guest',
      true,
      false,
    ]);
  }
  const [first] = [...page.matchAll(/<th scope="row">([^<]+)•••/g)].map(([, shown = '']) => shown);
  expect(items[0]?.identity.startsWith(String(first))).toBe(true);
});
