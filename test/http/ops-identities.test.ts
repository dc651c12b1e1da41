import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { Identity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { SIGNALS } from '../../src/domain/signal.ts';
import { ADMIN, createOperatorApp, FINANCE, type OperatorApp } from '../ops/operator-app.ts';
import { type Browser, openBrowser } from '../ops/signed-in.ts';
import { mintTokens } from '../reports/fill-month.ts';

const ANN = 'm_annabcdefgh';
const BOB = 'm_bobabcdefgh';

let gateway: OperatorApp;
let away = false;
beforeEach(async () => {
  away = false;
  gateway = createOperatorApp({ spoil: () => away });
  await mintTokens(gateway.ledger, [
    { identity: ANN, at: '2026-11-01T10:00:00Z' },
    { identity: BOB, at: '2026-11-01T11:00:00Z' },
  ]);
});
afterEach(async () => {
  away = false;
  await gateway.ledger.close();
});

async function audit() {
  return (await request(gateway.app).get('/v1/audit').set(ADMIN)).body.items;
}

const list = async (browser: Browser, query = '') =>
  (await browser.get(`/ops/identities${query}`).expect(200)).text;

describe('the names of a list', () => {
  it.each(['finance-key', 'admin-key'])('are masked for %s, in text and in links', async (key) => {
    const text = await list(await openBrowser(gateway, key));
    expect(text).toContain('m_anna•••');
    expect(text).not.toContain(ANN);
    expect(text).not.toContain(BOB);
  });

  it('are whole where they were typed in full, and as far as they were typed', async () => {
    const admin = await openBrowser(gateway, 'admin-key');
    const whole = await list(admin, `?q=${ANN}`);
    expect(whole).toContain(`href="/ops/identities/${ANN}">${ANN}</a>`);
    const begun = await list(admin, '?q=m_annabcd');
    expect(begun).toContain('m_annabcd•••');
    expect(begun).not.toContain(ANN);
  });

  it('are shown to an admin who says why, for this look, with an audit entry that names nobody', async () => {
    const admin = await openBrowser(gateway, 'admin-key');
    const page = await list(admin, '?month=2026-11&class=member');
    const [, action = ''] = /action="(\/ops\/identities\/reveal[^"]*)"/.exec(page) ?? [];
    const path = action.replaceAll('&amp;', '&');
    const { text } = await admin.post(path, { reason: 'Ticket 17', once: 'a' }).expect(200);
    expect(text).toContain(`href="/ops/identities/${ANN}">${ANN}</a>`);
    expect(text).toContain(BOB);
    const entries = await audit();
    expect(entries).toMatchObject([
      {
        by: 'the admin',
        action: 'identities.reveal',
        target: 'identities of 2026-11',
        after: { rowsMax: 40, class: 'member', isSearch: false },
        reason: 'Ticket 17',
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain('m_ann');
    // The same form sent again is the same entry; another look needs another.
    await admin.post(path, { reason: 'Ticket 17', once: 'a' }).expect(200);
    expect(await audit()).toHaveLength(1);
    expect(await list(admin)).not.toContain(ANN);
  });

  it('stay masked without a reason', async () => {
    const admin = await openBrowser(gateway, 'admin-key');
    const { text } = await admin.post('/ops/identities/reveal', { reason: ' ', once: 'b' }).expect(422);
    expect(text).toContain('reason: Must not be blank.');
    expect(text).not.toContain(ANN);
    expect(await audit()).toEqual([]);
  });

  it('stay masked when the entry cannot be written', async () => {
    const admin = await openBrowser(gateway, 'admin-key');
    away = true;
    const { text } = await admin.post('/ops/identities/reveal', { reason: 'Why', once: 'c' }).expect(503);
    expect(text).not.toContain(ANN);
  });

  it('are not shown to finance, and not for a form of another site', async () => {
    const form = { reason: 'Why', once: 'd' };
    const finance = await openBrowser(gateway, 'finance-key');
    expect(await list(finance)).not.toContain('/ops/identities/reveal');
    await finance.post('/ops/identities/reveal', form).expect(403);
    const { headers } = await openBrowser(gateway, 'admin-key');
    await request(gateway.app)
      .post('/ops/identities/reveal')
      .type('form')
      .set({ ...headers, 'Sec-Fetch-Site': 'cross-site' })
      .send(form)
      .expect(403);
    expect(await audit()).toEqual([]);
  });
});

describe('the page of an identity', () => {
  const rowsOf = (text: string) =>
    [...text.matchAll(/<tr><th scope="row">(\w+) .*?<\/th>(.*?)<\/tr>/gs)].map(([, signal, cells = '']) =>
      [signal, ...[...cells.matchAll(/<td>(.*?)<\/td>/gs)].map(([, cell]) => cell)].join(' | '),
    );

  it('explains every signal: when first, who told, and whether it counts', async () => {
    const told = SIGNALS.filter((signal) => signal !== 'minted');
    const sources = ['beacon', 'webhook', 'event-stream', 'backfill'] as const;
    const evidence = told.map((signal, nth) => ({
      ...{ identity: ANN as Identity, signal, className: 'member', source: sources[nth % sources.length]! },
      at: Date.parse('2026-11-02T09:00:00Z') + nth * 60_000,
    }));
    await gateway.ledger.record(DEFAULT_SERVICE, evidence);
    const admin = await openBrowser(gateway, 'admin-key');
    const { text } = await admin.get(`/ops/identities/${ANN}`).expect(200);
    const rows = rowsOf(text);
    expect(rows).toEqual([
      'minted | 2026-11-01 10:00 UTC | gateway | disputed',
      ...evidence.map(({ signal, source }, nth) => {
        const counts = ['read', 'left', 'updated'].includes(signal) ? 'disputed' : 'yes';
        return `${signal} | 2026-11-02 09:0${nth} UTC | ${source} | ${counts}`;
      }),
    ]);
    expect(text).toContain('Active by twilio-2026-11, in the low figure and in the high one.');
  });

  it('says when only the high figure has somebody', async () => {
    const admin = await openBrowser(gateway, 'admin-key');
    const { text } = await admin.get(`/ops/identities/${BOB}`).expect(200);
    expect(rowsOf(text)).toEqual([expect.stringMatching(/^minted .*disputed$/)]);
    expect(text).toContain('Active by twilio-2026-11 in the high figure only.');
  });
});

describe('the exports of the form', () => {
  const get = (query: string) => request(gateway.app).get(`/ops/exports/2026-11?${query}`).set(FINANCE);

  it('have the rows and the format that were chosen', async () => {
    const csv = await get('service=default&rows=identities&format=csv&names=whole').expect(200);
    expect(csv.text).toContain(`${ANN},member,`);
    const lines = await get('rows=mints&format=ndjson').expect(200).buffer(true);
    expect(lines.headers['content-type']).toContain('application/x-ndjson');
    expect(lines.text.trimEnd().split('\n')).toHaveLength(2);
    expect(JSON.parse(lines.text.split('\n')[0] ?? '')).toMatchObject({ identity: ANN, subject: ANN });
  });

  it.each(['identities', 'mints'])(
    'have the beginnings of names only where that was chosen: %s',
    async (rows) => {
      const { text } = await get(`rows=${rows}&format=csv&names=masked`).expect(200);
      expect(text).toContain('m_anna•••');
      expect(text).not.toContain('annab');
      expect(text.trimEnd().split('\r\n')).toHaveLength(3);
    },
  );

  it('take the filters of the list, from which a link leads there', async () => {
    const finance = await openBrowser(gateway, 'finance-key');
    const page = await list(finance, '?month=2026-11&class=member&signal=minted&not=connected&q=m_a');
    expect(page).toContain('1 identity of November 2026');
    const [, address = ''] = /href="([^"]*)">CSV, whole names</.exec(page) ?? [];
    expect(address).toMatch(/^\/ops\/exports\/2026-11\/identities\.csv\?/);
    const { text } = await finance.get(address.replaceAll('&amp;', '&')).expect(200);
    expect(text.trimEnd().split('\r\n').slice(1)).toEqual([expect.stringMatching(`^${ANN},member,`)]);
    expect((await get('rows=identities&format=csv&class=guest').expect(200)).text).not.toContain('m_');
    expect((await get('rows=mints&format=csv&q=m_b').expect(200)).text).not.toContain(ANN);
  });

  it('have masked names also of those whose names were begun', async () => {
    const { text } = await get('rows=identities&format=csv&names=masked&q=m_annabc').expect(200);
    expect(text).toContain('m_annabc•••');
    expect(text).not.toContain(ANN);
    expect(text.trimEnd().split('\r\n')).toHaveLength(2);
  });

  it.each([
    'clas=guest',
    'class=guest&class=member',
    'signal=flew',
    'names=maskd',
    'names=masked&names=whole',
  ])('refuse %s, which would give everybody or whole names in silence', async (query) => {
    const { text, headers } = await get(`rows=identities&format=csv&${query}`).expect(400);
    expect(headers['content-type']).toContain('problem+json');
    expect(text).not.toContain('m_ann');
    await request(gateway.app).get(`/ops/exports/2026-11/identities.csv?${query}`).set(FINANCE).expect(400);
  });

  it('refuse filters that mints do not have', async () => {
    await get('rows=mints&format=csv&signal=minted').expect(400);
  });

  it.each(['rows=alerts&format=csv', 'rows=mints&format=xml', 'rows=mints', 'format=csv', ''])(
    'do not exist for %s',
    async (query) => {
      await get(query).expect(404);
    },
  );
});
