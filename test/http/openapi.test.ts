import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { buildOpenApi } from '../../src/http/openapi/document.ts';
import { listRoutes } from '../../src/http/route-table.ts';
import { buildApp, ISSUED } from './build-app.ts';
import { openWebhookGateway } from './webhook-gateway.ts';

/** Pages for humans; the document is for programs. */
const PAGES = /^\/(ops|demo)(\/|$)/;

/** What the whole gateway serves, with what is only there where it is configured. */
async function servedRoutes(): Promise<string[]> {
  const { gateway } = await openWebhookGateway({ yaml: 'compatibility:\n  tokenEndpoint: login\n' });
  const routes = listRoutes(gateway.app.router);
  await gateway.server.drain();
  return routes.filter(({ path }) => !PAGES.test(path)).map(({ method, path }) => `${method} ${path}`);
}

function documented(document: ReturnType<typeof buildOpenApi>): string[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

describe('the OpenAPI document', () => {
  test('and the routers know the same routes', async () => {
    const served = await servedRoutes();
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
    const names = `
      AlertRow AlertsPage ArchiveList ArchiveVerification ArchiveWrite AuditPage Backfill Beacon Block Budget BudgetWrite Closing CompatTokenRequest DayRow DaysAnswer Duplicates
      ErasureReport ErasureWrite Explanation ExplanationRequest Findings Forecast Freeze GuestAnswer GuestRequest
      IdentitiesPage IdentityLookup IdentityPage IdentityRow ImportReport LinkAnswer LinkRequest Manifest MintRow MintsPage
      MonthArchive MonthSummary MonthsAnswer NameRow Problem Raise RaiseWrite RaisesAnswer ReasonGiven ReasonWrite Reconciliation Simulation
      SimulationRequest TokenAnswer TokenRequest UnreadAnswer Waste`;
    expect(Object.keys(components?.schemas ?? {}).sort()).toEqual(names.trim().split(/\s+/));
  });

  test('says of all that operators ask that it may be asked too often', () => {
    const operations = Object.values(buildOpenApi(null).paths ?? {}).flatMap((item) => Object.values(item));
    const ofOperators = operations.filter(({ security }) => security?.[0]?.operatorKey !== undefined);
    expect(ofOperators.length).toBeGreaterThan(9);
    expect(ofOperators.filter(({ responses }) => responses['429'] === undefined)).toEqual([]);
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
