import { expect, test } from '@jest/globals';
import request from 'supertest';
import { PROBLEM_KINDS } from '../../src/http/problem-kinds.ts';
import { buildApp, ISSUED } from './build-app.ts';
import { expectProblem } from './expect-problem.ts';

test('every code has its page', async () => {
  const { app } = await buildApp(ISSUED);
  for (const [code, { title, status }] of Object.entries(PROBLEM_KINDS)) {
    const response = await request(app).get(`/problems/${code}`).set('Accept', 'text/html');
    expect([response.status, response.type]).toEqual([200, 'text/html']);
    expect(response.text).toContain(`<h1>${title}</h1>`);
    expect(response.text).toContain(`HTTP status ${status}`);
    expect(response.text).not.toMatch(/<script|style=|undefined/);
    expect(response.headers['cache-control']).toBe('public, max-age=3600');
    expect(response.headers['vary']).toBe('Accept');
  }
});

test('a program gets the same as JSON, under the address that problems name', async () => {
  const { app } = await buildApp(ISSUED);
  const { type } = (await request(app).get('/v1/nothing')).body;
  const response = await request(app).get(new URL(type).pathname).set('Accept', 'application/json');
  expect(response.type).toBe('application/json');
  expect(response.body).toEqual({
    type: 'https://gateway.example/problems/not-found',
    code: 'not-found',
    status: 404,
    title: 'Not found',
    retryable: false,
    meaning: PROBLEM_KINDS['not-found'].meaning,
    remedy: PROBLEM_KINDS['not-found'].remedy,
  });
});

test.each(['nonsense', 'toString', '__proto__', '%3Cscript%3E'])('%s is a 404', async (code) => {
  const { app } = await buildApp(ISSUED);
  const response = await request(app).get(`/problems/${code}`).set('Accept', 'text/html');
  expectProblem(response, 'not-found');
});

test('nothing else can be had', async () => {
  const { app } = await buildApp(ISSUED);
  expectProblem(await request(app).get('/problems/internal').set('Accept', 'image/png'), 'not-acceptable');
});
