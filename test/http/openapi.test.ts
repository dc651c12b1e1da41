import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { buildOpenApi } from '../../src/http/openapi/document.ts';
import type { OperatorGate } from '../../src/http/operators.ts';
import { listRoutes } from '../../src/http/route-table.ts';
import { createMonthRoutes } from '../../src/http/routes/months.ts';
import type { LedgerReader } from '../../src/ledger/ledger.ts';
import { buildApp, ISSUED } from './build-app.ts';

/** Pages for humans; the document is for programs. */
const PAGES = /^\/(ops|demo)(\/|$)/;

/** The app with every router that the document must cover. Nothing is asked of the ledger. */
async function buildWholeApp() {
  const months = createMonthRoutes({
    ledger: {} as LedgerReader,
    clock: { now: () => 0 },
    gate: { require: () => () => {} } as unknown as OperatorGate,
    services: [DEFAULT_SERVICE],
    classes: [],
  });
  return (await buildApp(ISSUED, { months })).app;
}

function documented(document: ReturnType<typeof buildOpenApi>): string[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

describe('the OpenAPI document', () => {
  test('and the routers know the same routes', async () => {
    const app = await buildWholeApp();
    const served = listRoutes(app.router)
      .filter(({ path }) => !PAGES.test(path))
      .map(({ method, path }) => `${method} ${path}`);
    expect(served.length).toBeGreaterThan(9);
    expect(documented(buildOpenApi(null)).sort()).toEqual([...new Set(served)].sort());
  });

  test('is served as 3.1 with the public URL, and may be kept for a while', async () => {
    const { app } = await buildApp(ISSUED);
    const response = await request(app).get('/openapi.json');
    expect([response.status, response.type]).toEqual([200, 'application/json']);
    expect(response.body).toMatchObject({ openapi: '3.1.0', servers: [{ url: 'https://gateway.example' }] });
    expect(response.headers['cache-control']).toBe('public, max-age=300');
  });

  test('every reference leads somewhere, and every operation has an id of its own', () => {
    const document = buildOpenApi(null);
    const text = JSON.stringify(document);
    for (const [, section = '', name = ''] of text.matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)) {
      expect(document.components).toHaveProperty([section, name]);
    }
    const ids = [...text.matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id);
    expect(ids).toHaveLength(documented(document).length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('says of the token request that nothing else may be in it', () => {
    const { components } = buildOpenApi(null);
    expect(components?.schemas?.['TokenRequest']).toMatchObject({
      required: ['intent'],
      additionalProperties: false,
    });
    expect(Object.keys(components?.schemas ?? {}).sort()).toEqual(
      [
        'DayRow',
        'DaysAnswer',
        'IdentitiesPage',
        'IdentityRow',
        'MintRow',
        'MintsPage',
        'MonthSummary',
      ].concat([...['MonthsAnswer', 'Problem', 'TokenAnswer', 'TokenRequest']]),
    );
  });

  test('every problem response is of the problem media type and schema', () => {
    const responses = Object.values(buildOpenApi(null).paths ?? {})
      .flatMap((item) => Object.values(item))
      .flatMap((operation) => Object.entries(operation.responses as Record<string, { content?: object }>))
      .filter(([status]) => Number(status) >= 400 && status !== '503');
    expect(responses.length).toBeGreaterThan(20);
    for (const [, response] of responses) {
      expect(response.content).toMatchObject({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
    }
  });
});

test('the key set is empty until there is a manifest key', async () => {
  const { app } = await buildApp(ISSUED);
  expect((await request(app).get('/.well-known/jwks.json')).body).toEqual({ keys: [] });
});
