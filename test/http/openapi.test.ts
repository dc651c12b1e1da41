import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import type { ArchiveBook } from '../../src/archive/archive-book.ts';
import { createGuestCookie } from '../../src/auth/guest-cookie.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createRateLimiter } from '../../src/http/limits.ts';
import { buildOpenApi } from '../../src/http/openapi/document.ts';
import type { OperatorGate } from '../../src/http/operators.ts';
import { createOrigins } from '../../src/http/origins.ts';
import { listRoutes } from '../../src/http/route-table.ts';
import { createAlertRoutes } from '../../src/http/routes/alerts.ts';
import { createArchiveRoutes, createMonthArchiveRoutes } from '../../src/http/routes/archive.ts';
import { createBackfillRoutes } from '../../src/http/routes/backfill.ts';
import { createBeaconRoutes } from '../../src/http/routes/beacons.ts';
import { createClosingRoutes } from '../../src/http/routes/closing.ts';
import { createCompatTokenRoutes } from '../../src/http/routes/compat-token.ts';
import { createEventStreamRoutes } from '../../src/http/routes/event-streams.ts';
import { createEventRoutes } from '../../src/http/routes/events.ts';
import { createGuardRoutes } from '../../src/http/routes/guard-webhooks.ts';
import { createGuestRoutes } from '../../src/http/routes/guests.ts';
import { createLinkRoutes } from '../../src/http/routes/links.ts';
import { createManifestRoutes } from '../../src/http/routes/manifest.ts';
import { createMonthFigureRoutes } from '../../src/http/routes/month-figures.ts';
import { createMonthRoutes } from '../../src/http/routes/months.ts';
import { createReconciliationRoutes } from '../../src/http/routes/reconciliation.ts';
import { createSteeringRoutes } from '../../src/http/routes/steering.ts';
import { createUnreadRoutes } from '../../src/http/routes/unread.ts';
import { createWebhookRoutes } from '../../src/http/routes/webhooks.ts';
import type { AlertBook } from '../../src/ledger/alert-book.ts';
import type { Ledger, LedgerReader } from '../../src/ledger/ledger.ts';
import { TEST_POLICY } from '../ops/operator-app.ts';
import { RECKONING } from '../reports/shipped.ts';
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
    reckoning: RECKONING,
  });
  const alerts = createAlertRoutes({
    ledger: {} as AlertBook,
    gate: { require: () => () => {} } as unknown as OperatorGate,
    services: [DEFAULT_SERVICE],
  });
  const events = createEventRoutes({
    gate: { require: () => () => {} } as unknown as OperatorGate,
    services: [DEFAULT_SERVICE],
    live: { watch: () => () => {}, stop: () => {} },
  });
  const edge = {
    cookie: createGuestCookie(true),
    origins: createOrigins(null, []),
    services: [DEFAULT_SERVICE],
    clock: { now: () => 0 },
  };
  const guests = createGuestRoutes({ ...edge, enterGuest: neverAsked });
  const links = createLinkRoutes({
    ...{ ...edge, linkGuest: neverAsked },
    failedAuthentications: createRateLimiter({ perMinute: 1, clock: edge.clock }),
  });
  const beacons = createBeaconRoutes({
    ...{ recordBeacon: neverAsked, clock: edge.clock },
    failedBeacons: createRateLimiter({ perMinute: 1, clock: edge.clock }),
  });
  const steering = createSteeringRoutes({
    ledger: {} as Ledger,
    clock: { now: () => 0 },
    gate: { require: () => () => {} } as unknown as OperatorGate,
    services: [DEFAULT_SERVICE],
    people: { resolveIdentity: neverAsked, issuers: [], classes: [], guestPrefix: null },
    ranks: { priorities: {} },
    policy: TEST_POLICY,
    reckoning: RECKONING,
    prefixes: [],
    explainToken: neverAsked,
  });
  const webhooks = createWebhookRoutes({ webhooks: null, clock: edge.clock });
  const unread = createUnreadRoutes({
    ...{ readUnread: neverAsked, clock: edge.clock, origins: edge.origins },
    failedAuthentications: createRateLimiter({ perMinute: 1, clock: edge.clock }),
  });
  const compat = createCompatTokenRoutes({
    ...{ issueToken: neverAsked, takesPassword: false, origins: edge.origins, guestCookie: edge.cookie },
    failedAuthentications: createRateLimiter({ perMinute: 1, clock: edge.clock }),
    countDenied: neverAsked,
  });
  const guard = createGuardRoutes({ guard: null, clock: edge.clock, count: () => {} });
  const stream = createEventStreamRoutes({ eventStream: null, clock: edge.clock });
  const signals = [
    ['/v1/beacons', beacons] as const,
    ['/v1/webhooks/twilio', webhooks] as const,
    ['/v1/webhooks/twilio/guard', guard] as const,
    ['/v1/webhooks/twilio/event-streams', stream] as const,
    ['/v1/me', unread] as const,
    ['/token', compat] as const,
  ];
  const figures = createMonthFigureRoutes({
    ledger: {} as Ledger,
    clock: edge.clock,
    gate: { require: () => () => {} } as unknown as OperatorGate,
    ...{ services: [DEFAULT_SERVICE], reckoning: RECKONING, guestClass: 'guest' },
  });
  const closing = {
    clock: edge.clock,
    gate: { require: () => () => {} } as unknown as OperatorGate,
    services: [DEFAULT_SERVICE],
  };
  const reconcile = [
    createManifestRoutes({ ...closing, manifests: { read: neverAsked } }),
    createClosingRoutes({ ...closing, closings: { read: neverAsked, close: neverAsked } }),
    createBackfillRoutes({ ...closing, backfill: { read: neverAsked }, desk: { order: neverAsked } }),
    createReconciliationRoutes({
      ...closing,
      reconciler: { read: neverAsked },
      pulls: { pull: neverAsked },
    }),
  ].map((router) => ['/v1/months', router] as const);
  const archive = {
    ...{ ...closing, ledger: {} as Ledger, book: {} as ArchiveBook, desk: { order: neverAsked } },
    verify: neverAsked,
  };
  const extra = [
    ...reconcile,
    ['/v1/archive', createArchiveRoutes(archive)] as const,
    ['/v1/months', createMonthArchiveRoutes(archive)] as const,
    ['/v1/alerts', alerts] as const,
    ['/v1/events', events.router] as const,
    ['/v1/months', figures] as const,
    ...signals,
    ...steering,
  ];
  return (await buildApp(ISSUED, { months, guests, links, extra })).app;
}

function neverAsked(): never {
  throw new Error('nothing is asked here');
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
    const names = `
      AlertRow AlertsPage ArchiveList ArchiveVerification ArchiveWrite AuditPage Backfill Beacon Block Budget BudgetWrite Closing CompatTokenRequest DayRow DaysAnswer Duplicates
      ErasureReport ErasureWrite Explanation ExplanationRequest Findings Forecast Freeze GuestAnswer GuestRequest
      IdentitiesPage IdentityPage IdentityRow ImportReport LinkAnswer LinkRequest Manifest MintRow MintsPage
      MonthArchive MonthSummary MonthsAnswer Problem Raise RaiseWrite RaisesAnswer ReasonGiven ReasonWrite Reconciliation Simulation
      SimulationRequest TokenAnswer TokenRequest UnreadAnswer Waste`;
    expect(Object.keys(components?.schemas ?? {}).sort()).toEqual(names.trim().split(/\s+/));
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
