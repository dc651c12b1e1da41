import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import type { Identity } from '../../src/domain/identity.ts';
import type { Page, PageRequest } from '../../src/ledger/page.ts';
import type { IdentityRecord } from '../../src/ledger/records.ts';
import { createOperatorApp, FINANCE, type OperatorApp } from '../ops/operator-app.ts';
import { mintTokens, recordActs } from '../reports/fill-month.ts';

let gateway: OperatorApp;
beforeEach(() => {
  gateway = createOperatorApp();
});
afterEach(() => gateway.ledger.close());

function fetchExport(path: string, Accept: string) {
  return request(gateway.app)
    .get(`/v1/months${path}`)
    .set(FINANCE)
    .set({ Accept })
    .buffer(true)
    .parse(readText);
}

/** Superagent knows no text of type NDJSON. */
function readText(answer: request.Response, done: (error: Error | null, text: string) => void): void {
  const response = answer as unknown as NodeJS.ReadableStream;
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (piece: string) => {
    text += piece;
  });
  response.on('end', () => done(null, text));
}

describe('the identity export', () => {
  beforeEach(async () => {
    await mintTokens(gateway.ledger, [{ identity: 'm_a', at: '2026-11-01T10:00:00Z' }]);
    await recordActs(gateway.ledger, [
      { identity: 'm_a', signal: 'connected', at: '2026-11-01T10:00:30Z' },
      { identity: '-1-1', signal: 'messaged', at: '2026-11-02T10:00:00Z' },
    ]);
  });

  it('is CSV with CRLF, header and escaped formulas', async () => {
    const { body, headers } = await fetchExport('/2026-11/identities', 'text/csv').expect(200);
    const [header, ...rows] = body.split('\r\n');
    expect(header).toBe('identity,class,firstSeen,lastSeen,mints,signals');
    expect(rows.sort()).toEqual([
      '',
      "'-1-1,unknown,2026-11-02T10:00:00Z,2026-11-02T10:00:00Z,0,messaged",
      'm_a,member,2026-11-01T10:00:00Z,2026-11-01T10:00:30Z,1,minted|connected',
    ]);
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'cache-control': 'no-store',
      'content-disposition': 'attachment; filename="mau-guard-default-2026-11-identities.csv"',
      vary: 'Accept',
    });
  });

  it('is NDJSON with the rows of the JSON answer', async () => {
    const { body, headers } = await fetchExport('/2026-11/identities', 'application/x-ndjson').expect(200);
    const page = await request(gateway.app).get('/v1/months/2026-11/identities').set(FINANCE);
    const lines: string[] = body.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(page.body.items);
    expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(headers['content-disposition']).toContain('.ndjson"');
  });

  it('takes the filters', async () => {
    const { body } = await fetchExport('/2026-11/identities?signal=minted', 'text/csv').expect(200);
    expect(body.split('\r\n')).toHaveLength(3);
  });

  it('of a month without data has the header alone', async () => {
    expect((await fetchExport('/2020-01/identities', 'text/csv')).body).toBe(
      'identity,class,firstSeen,lastSeen,mints,signals\r\n',
    );
    expect((await fetchExport('/2020-01/identities', 'application/x-ndjson')).body).toBe('');
  });

  it('gives the same bytes every time', async () => {
    const first = await fetchExport('/2026-11/identities', 'text/csv');
    const second = await fetchExport('/current/identities', 'text/csv');
    expect(second.body).toBe(first.body);
  });

  it('answers HEAD without reading anyone', async () => {
    const { headers, text } = await request(gateway.app)
      .head('/v1/months/2026-11/identities')
      .set({ ...FINANCE, Accept: 'text/csv' })
      .expect(200);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(text).toBeUndefined();
  });
});

describe('the mint export', () => {
  it('has the columns of the contract', async () => {
    await mintTokens(gateway.ledger, [{ identity: 'm_a', at: '2026-11-01T10:00:00Z', intent: '=1+1' }]);
    const { body } = await fetchExport('/2026-11/mints', 'text/csv').expect(200);
    expect(body).toBe(
      'id,at,identity,class,subject,intent,outcome,expiresAt,rule,first\r\n' +
        "2026-11-1,2026-11-01T10:00:00Z,m_a,member,m_a,'=1+1,minted,2026-11-01T11:00:00Z,intent-allowed,true\r\n",
    );
  });
});

describe('a large export', () => {
  const PEOPLE = 50_000;

  it(`gives each of ${PEOPLE} people once, in the order of the pages`, async () => {
    const at = Date.parse('2026-11-05T10:00:00Z');
    const evidence = Array.from({ length: PEOPLE }, (_, index) => ({
      identity: `m_${index}` as Identity,
      signal: 'connected' as const,
      at: at + index * 1000,
      source: 'beacon' as const,
      className: 'member',
    }));
    for (let from = 0; from < PEOPLE; from += 5_000) {
      await gateway.ledger.record('default' as never, evidence.slice(from, from + 5_000));
    }
    const { body } = await fetchExport('/2026-11/identities', 'text/csv').expect(200);
    const rows: string[] = body.trimEnd().split('\r\n').slice(1);
    const identities = rows.map((row) => row.slice(0, row.indexOf(',')));
    expect(new Set(identities).size).toBe(PEOPLE);
    expect(identities).toHaveLength(PEOPLE);
    const page = await request(gateway.app).get('/v1/months/2026-11/identities?limit=1000').set(FINANCE);
    expect(page.body.items.map(({ identity }: { identity: string }) => identity)).toEqual(
      identities.slice(0, 1_000),
    );
  }, 60_000);
});

describe('an export that fails on its way', () => {
  async function connect(ledger: Parameters<typeof createOperatorApp>[0]): Promise<IncomingMessage> {
    await gateway.ledger.close();
    gateway = createOperatorApp(ledger);
    const server = createServer(gateway.app);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const headers = { ...FINANCE, Accept: 'text/csv' };
    const call = get({
      host: '127.0.0.1',
      port,
      path: '/v1/months/2026-11/identities',
      headers,
      agent: false,
    });
    const [answer] = (await once(call, 'response')) as [IncomingMessage];
    server.close();
    return answer;
  }

  function person(number: number): IdentityRecord {
    const identity = `m_${number}` as Identity;
    return {
      identity,
      className: 'member',
      tenant: null,
      firstSeen: 0,
      lastSeen: 0,
      mints: 1,
      mask: 1,
      signals: [],
    };
  }

  it('is cut, so that it is never taken for whole', async () => {
    const answer = await connect({
      ledger: {
        async identities(_service, _month, { after }: PageRequest): Promise<Page<IdentityRecord>> {
          if (after !== null) throw new GatewayError('ledger-unavailable', 'lost');
          return { items: [person(1)], next: '1' };
        },
      },
    });
    expect(answer.statusCode).toBe(200);
    await expect(
      (async () => {
        for await (const _ of answer);
      })(),
    ).rejects.toThrow('aborted');
  });

  it('reads no further when its reader goes away', async () => {
    let reads = 0;
    const answer = await connect({
      ledger: {
        async identities(): Promise<Page<IdentityRecord>> {
          reads += 1;
          return { items: Array.from({ length: 1_000 }, (_, index) => person(index)), next: String(reads) };
        },
      },
    });
    await once(answer, 'data');
    answer.destroy();
    // It ends as soon as the gateway has heard of it; a reading without end never would.
    let readsThen = -1;
    while (readsThen !== reads) {
      readsThen = reads;
      await sleep(200);
    }
  });
});
