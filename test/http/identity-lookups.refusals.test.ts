import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import type { Month } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { ADMIN, createOperatorApp, FINANCE, type OperatorApp, VIEWER } from '../ops/operator-app.ts';
import { CSV, lookUp, NDJSON } from './lookup-kit.ts';
import { pointersOf, steer } from './steer.ts';

let gateway: OperatorApp;
beforeEach(() => {
  gateway = createOperatorApp();
});
afterEach(() => gateway.ledger.close());

const TWO = 'subject\nada\neve\n';

describe('400: a list with faults', () => {
  const FAULTY = [
    'subject,class,issuer',
    ',,',
    'a,vip,',
    'b,,https://other.example',
    'c,',
    `${'x'.repeat(1_025)},,`,
    'd,member,',
    ' ,pool,nobody',
  ].join('\n');

  it('tells all of them with their lines, names nobody and writes nothing down', async () => {
    const answer = await lookUp(gateway, FAULTY).expect(400);
    expect(pointersOf(answer)).toEqual([
      ...['line 2, subject', 'line 3, class', 'line 4, issuer', 'line 5', 'line 6, subject'],
      ...['line 8, issuer', 'line 8, class', 'line 8, subject'],
    ]);
    expect(answer.body).toMatchObject({
      code: 'invalid-request',
      detail: expect.stringContaining('8 faults'),
    });
    expect(answer.text).not.toMatch(/other\.example|vip|m_/);
    expect(await steer(gateway).audit()).toEqual([]);
  });

  it('tells those of NDJSON', async () => {
    const lines = ['{', '[]', '{"subject":1}', '{"sub":"a"}', '{"subject":"a","class":["member"]}'];
    const answer = await lookUp(gateway, lines.join('\n'), undefined, { 'Content-Type': NDJSON }).expect(400);
    expect(pointersOf(answer)).toEqual([
      ...['line 1', 'line 2', 'line 3, subject', 'line 4, subject', 'line 5, class'],
    ]);
  });

  it.each([
    ['nothing at all', '', ['line 1']],
    ['no column of subjects', 'name,email\nAda,a@example.org\n', ['line 1']],
    ['the column twice', 'subject,subject\na,b\n', ['line 1']],
    ['a quote that never ends', 'subject\n"ada\neve\n', ['line 2']],
    ['a line that never ends', `subject,note\nada,x\neve,${'x'.repeat(9_000)}\n`, ['line 3']],
  ])('%s', async (_what, list, pointers) => {
    expect(pointersOf(await lookUp(gateway, list).expect(400))).toEqual(pointers);
  });

  it('lists a thousand and counts the rest', async () => {
    const answer = await lookUp(gateway, `subject,name\n${',x\n'.repeat(1_200)}`).expect(400);
    expect(answer.body.errors).toHaveLength(1_000);
    expect(answer.body.detail).toContain('1,200 faults; the first 1,000 are listed');
  });

  it('of more than 100,000 lines', async () => {
    const rows = Array.from({ length: 100_001 }, (_, at) => `p${at}`);
    const answer = await lookUp(gateway, ['subject', ...rows].join('\n')).expect(400);
    expect(answer.body.errors).toMatchObject([{ detail: expect.stringContaining('100000 rows') }]);
  });

  it('of bytes that are no UTF-8', () => lookUp(gateway, Buffer.from([0x61, 0xff, 0x0a])).expect(400));
});

describe('another refusal', () => {
  it('400 for its words, all of them at once', async () => {
    expect(pointersOf(await lookUp(gateway, TWO, '').expect(400))).toEqual(['?reason']);
    const answer = await lookUp(gateway, TWO, '?reason=%20&month=2026-13&mont=x&month=2026-11').expect(400);
    expect(pointersOf(answer)).toEqual(['?month', '?mont', '?month', '?reason']);
  });

  it.each([
    ['nobody', {}, 401],
    ['a stranger', { Authorization: 'Bearer wrong' }, 401],
    ['a viewer', VIEWER, 403],
    ['finance', FINANCE, 403],
  ])('to %s', async (_who, headers, status) => {
    const { app } = gateway;
    const answer = await lookUp({ app }, TWO, undefined, { Authorization: '', ...headers }).expect(status);
    expect(answer.text).not.toContain('m_');
    expect(await steer(gateway).audit()).toEqual([]);
  });

  it('404 for a service that is not there', () => lookUp(gateway, TWO, '?reason=x&service=none').expect(404));

  it('406 for a type that is not given', () =>
    lookUp(gateway, TWO, undefined, { Accept: 'application/xml' }).expect(406));

  it('409 for a month whose people are in the archive', async () => {
    const month = '2026-08' as Month;
    for (const people of ['trimming', 'trimmed']) {
      const text = JSON.stringify({ entry: { month }, mints: 'trimmed', people, heldUntil: null });
      await gateway.ledger.keepDocument(DEFAULT_SERVICE, month, { name: 'archive', text });
      const { body } = await lookUp(gateway, TWO, '?reason=x&month=2026-08').expect(409);
      expect(body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('archive') });
    }
    await lookUp(gateway, TWO, '?reason=x').expect(200);
    expect(await steer(gateway).audit()).toHaveLength(1);
  });

  it('413 for a list that is too large', () =>
    lookUp(gateway, Buffer.alloc(16 * 1024 * 1024 + 1, 'x')).expect(413));

  it.each(['application/json', 'text/csv; charset=latin1', 'text/plain', ''])('415 for the type %j', (type) =>
    lookUp(gateway, TWO, undefined, { 'Content-Type': type }).expect(415),
  );

  it('415 for an encoded body', () =>
    lookUp(gateway, TWO, undefined, { 'Content-Encoding': 'gzip' }).expect(415));

  it('503 while the ledger is away, also when it goes before the first name', async () => {
    const away = () => Promise.reject(new GatewayError('ledger-unavailable', 'as the test asked for'));
    const other = createOperatorApp({ ledger: { findPeople: away } });
    const answer = await lookUp(other, TWO).expect(503);
    expect(answer.body.code).toBe('ledger-unavailable');
    await other.ledger.close();
  });
});

describe('one at a time', () => {
  it('409 while another list is read, and 200 when that has gone away', async () => {
    const server = createServer(gateway.app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const path = '/v1/identity-lookups?reason=x';
    const slow = httpRequest({ port, path, method: 'POST', headers: { ...ADMIN, 'Content-Type': CSV } });
    slow.on('error', () => {});
    const begun = new Promise<IncomingMessage>((resolve) => server.once('request', resolve));
    slow.write('subject\n');
    await begun;
    await lookUp(gateway, TWO).expect(409);
    slow.destroy();
    let status = 409;
    while (status === 409) ({ status } = await lookUp(gateway, TWO));
    expect(status).toBe(200);
    await new Promise((resolve) => server.close(resolve));
  });

  it('an answer that breaks off in the middle is not taken for a whole one, and the next may ask', async () => {
    let calls = 0;
    const other = createOperatorApp();
    const real = other.ledger.findPeople.bind(other.ledger);
    const broken = createOperatorApp({
      ledger: {
        findPeople: (...args) => {
          calls += 1;
          return calls === 3 ? Promise.reject(new GatewayError('ledger-unavailable', 'gone')) : real(...args);
        },
      },
    });
    const list = `subject\n${Array.from({ length: 2_000 }, (_, at) => `p${at}`).join('\n')}\n`;
    await expect(lookUp(broken, list)).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    await lookUp(broken, list).expect(200);
    await other.ledger.close();
    await broken.ledger.close();
  });
});
