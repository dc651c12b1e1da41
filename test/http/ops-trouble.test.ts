import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { createOperatorApp, type OperatorApp } from '../ops/operator-app.ts';

const BROWSER = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

let gateway: OperatorApp;
beforeEach(() => {
  gateway = createOperatorApp({ failuresPerMinute: 1 });
});
afterEach(() => gateway.ledger.close());

describe('what the dashboard refuses', () => {
  it.each([
    ['get', '/ops/nope', 404, 'Not found'],
    ['get', '/ops/login', 405, 'Method not allowed'],
    ['get', '/ops/%ff', 400, 'Invalid request'],
    ['post', '/ops/theme', 403, 'Forbidden'],
  ] as const)('is a page for a browser: %s %s', async (method, path, status, title) => {
    const answer = await request(gateway.app)[method](path).set(BROWSER).expect(status);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.text).toContain(`<h1>${title}</h1>`);
    expect(answer.text).toContain('<a class="button" href="/ops">To the dashboard</a>');
    if (status === 405) expect(answer.headers['allow']).toBe('POST, OPTIONS');
  });

  it('says to a browser as well when to come again', async () => {
    const wrong = { ...BROWSER, Authorization: 'Bearer wrong' };
    await request(gateway.app).get('/ops').set(wrong).expect(401);
    const answer = await request(gateway.app).get('/ops').set(wrong).expect(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(answer.text).toContain('<h1>');
  });

  it('holds nothing of the address that could run', async () => {
    const answer = await request(gateway.app)
      .get('/ops/"><script>alert(1)</script>')
      .set(BROWSER)
      .expect(404);
    expect(answer.text).not.toMatch(/<script/);
  });

  it.each([undefined, '*/*', 'application/json'])('is a problem document for Accept: %s', async (accept) => {
    const asked = request(gateway.app).get('/ops/nope');
    const answer = await (accept === undefined ? asked : asked.set({ Accept: accept }));
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body.code).toBe('not-found');
  });
});
