import express, { type Express, type Router } from 'express';
import type { Clock } from '../domain/clock.ts';
import type { GuestCookie } from '../issue/guests/ports.ts';
import type { IssueToken } from '../issue/token-request.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createCors, createOptionsResponder } from './cors.ts';
import { CROSS_ORIGIN_PATHS } from './frontend-paths.ts';
import { serveOpenApi } from './openapi/serve.ts';
import type { Origins } from './origins.ts';
import type { FailedAuthentications } from './outside-calls.ts';
import { createProblemHandler } from './problem-handler.ts';
import type { Readiness } from './readiness.ts';
import { createRequestIds } from './request-id.ts';
import { createRequestScope } from './request-scope.ts';
import { createReadyz, livez } from './routes/health.ts';
import { createProblemPages } from './routes/problems.ts';
import { createTokensRoute, TOKENS_PATH } from './routes/tokens.ts';
import { createWebhooksRoute, WEBHOOKS_PATH, type WebhookIntake } from './routes/webhooks.ts';
import { captureHeaders, createSecurityHeaders } from './security-headers.ts';
import { addShortcuts, createAddressReader } from './shortcuts.ts';
import { refuseUnmatched } from './unmatched.ts';

export interface AppDeps {
  issueToken: IssueToken;
  clock: Clock;
  /** The URL that the outside uses, without a trailing slash, or null. */
  publicUrl: string | null;
  origins: Origins;
  guestCookie: GuestCookie;
  /** Express `trust proxy` value. */
  trustProxy: string | number | false;
  demo: boolean;
  logger: Logger;
  metrics: Metrics;
  readiness: Readiness;
  /** Counts requests that failed to authenticate, by address block. */
  failedAuthentications: FailedAuthentications;
  webhooks: WebhookIntake;
  /** Public halves of keys that sign manifests, as JWKs. */
  publicKeys: readonly object[];
  routers: {
    /** Mounted at `/v1/guests`. */
    guests: Router;
    /** Mounted at `/v1/links`. */
    links: Router;
    /** Mounted at `/v1/months`. */
    months: Router;
    /** Mounted at `/ops`. */
    ops: Router;
    /** Further routers with the paths that they are mounted at, in this order. */
    extra?: readonly (readonly [path: string, router: Router])[];
  };
}

/** The gateway's HTTP interface: every middleware and route, in the order in which a request meets them. */
export function createApp(deps: AppDeps): Express {
  const { publicUrl, origins, demo, logger, metrics, routers } = deps;
  const requestIds = createRequestIds();
  const security = createSecurityHeaders();

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('trust proxy', deps.trustProxy);

  const direct = {
    ...{ requestIds, publicUrl, demo, logger, metrics },
    securityHeaders: captureHeaders(security),
  };
  const tokens = createTokensRoute({
    ...direct,
    ...{ issueToken: deps.issueToken, failedAuthentications: deps.failedAuthentications },
    ...{ guestCookie: deps.guestCookie, origins, addressOf: createAddressReader(app) },
  });
  app.post(TOKENS_PATH, tokens);
  const webhooks = createWebhooksRoute({ ...direct, webhooks: deps.webhooks, clock: deps.clock });
  app.post(WEBHOOKS_PATH, webhooks);

  addShortcuts(
    app,
    new Map([
      [TOKENS_PATH, tokens],
      [WEBHOOKS_PATH, webhooks],
    ]),
  );

  app.use(createRequestScope({ requestIds, logger, metrics, demo }));
  app.use(security);
  for (const path of CROSS_ORIGIN_PATHS) app.use(path, createCors(origins));
  app.use(createOptionsResponder(origins));

  app.get('/livez', livez);
  app.get('/readyz', createReadyz(deps.readiness));
  app.get('/openapi.json', serveOpenApi(publicUrl));
  app.get('/problems/:code', createProblemPages(publicUrl));
  app.get('/.well-known/jwks.json', (_req, res) => {
    res.json({ keys: deps.publicKeys });
  });

  app.use('/v1/guests', routers.guests);
  app.use('/v1/links', routers.links);
  app.use('/v1/months', routers.months);
  app.use('/ops', routers.ops);
  for (const [path, router] of routers.extra ?? []) app.use(path, router);

  app.use(refuseUnmatched);
  app.use(createProblemHandler(publicUrl));
  return app;
}
