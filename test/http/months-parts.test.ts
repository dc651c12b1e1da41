import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { createReconcileApp, FINANCE, type ReconcileApp } from '../reconcile/reconcile-app.ts';
import { mintTokens, recordActs } from '../reports/fill-month.ts';

const CSV = 'text/csv';
const NDJSON = 'application/x-ndjson';
const IDENTITIES = '/v1/months/2026-11/identities';

let gateway: ReconcileApp;
beforeEach(async () => {
  gateway = createReconcileApp();
  const people = Array.from({ length: 25 }, (_, n) => `m_${n}`);
  await mintTokens(
    gateway.ledger,
    people.map((identity) => ({ identity, at: '2026-11-01T10:00:00Z' })),
  );
  await recordActs(
    gateway.ledger,
    people
      .filter((_, n) => n % 3 === 0)
      .map((identity) => ({ identity, signal: 'connected', at: '2026-11-02T10:00:00Z' })),
  );
});
afterEach(() => gateway.ledger.close());

async function fetchText(url: string, Accept: string): Promise<{ text: string; headers: Headers }> {
  const answer = await request(gateway.app)
    .get(url)
    .set(FINANCE)
    .set({ Accept })
    .buffer(true)
    .parse(readBytes);
  expect(answer.status).toBe(200);
  return { text: answer.body, headers: new Headers(answer.headers as Record<string, string>) };
}

function readBytes(answer: request.Response, done: (error: Error | null, text: string) => void): void {
  const chunks: Buffer[] = [];
  const stream = answer as unknown as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(null, Buffer.concat(chunks).toString()));
}

describe('an export in parts', () => {
  it.each([
    [IDENTITIES, CSV, '?'],
    [IDENTITIES, NDJSON, '?'],
    [IDENTITIES, CSV, '?signal=connected&'],
    ['/v1/months/2026-11/mints', CSV, '?'],
  ])('of %s as %s with %s gives the bytes of the whole', async (path, type, query) => {
    const whole = await fetchText(`${path}${query.slice(0, -1)}`, type);
    for (const limit of [1, 4, 25, 26]) {
      let url = `${path}${query}limit=${limit}`;
      let text = '';
      for (let parts = 1; ; parts++) {
        const part = await fetchText(url, type);
        text += part.text;
        const next = /^<(.+)>; rel="next"$/.exec(part.headers.get('link') ?? '')?.[1];
        if (next === undefined) {
          expect(part.headers.get('x-next-cursor')).toBeNull();
          break;
        }
        expect(new URL(next, 'http://h').searchParams.get('cursor')).toBe(part.headers.get('x-next-cursor'));
        expect(parts).toBeLessThan(30);
        url = next;
      }
      expect(text).toBe(whole.text);
    }
  });

  it('that broke off goes on from any cursor, without a header', async () => {
    const whole = await fetchText(IDENTITIES, CSV);
    const { text, headers } = await fetchText(`${IDENTITIES}?limit=10`, CSV);
    const rest = await fetchText(`${IDENTITIES}?cursor=${headers.get('x-next-cursor')}`, CSV);
    expect(text + rest.text).toBe(whole.text);
  });

  it('goes on from the cursor of a JSON page, too', async () => {
    const whole = await fetchText(`${IDENTITIES}?signal=connected`, NDJSON);
    const page = await request(gateway.app).get(`${IDENTITIES}?signal=connected&limit=4`).set(FINANCE);
    const rest = await fetchText(`${IDENTITIES}?signal=connected&cursor=${page.body.nextCursor}`, NDJSON);
    expect(rest.text).toBe(whole.text.split('\n').slice(4).join('\n'));
  });
});
