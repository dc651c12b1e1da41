import express, { type Express, type Router } from 'express';
import { createGuestCookie } from '../../src/auth/guest-cookie.ts';
import type { Identity } from '../../src/domain/identity.ts';
import type { Month } from '../../src/domain/month.ts';
import { type AppDeps, createApp } from '../../src/http/app.ts';
import { createRateLimiter } from '../../src/http/limits.ts';
import { createOrigins } from '../../src/http/origins.ts';
import { createReadiness, type Readiness } from '../../src/http/readiness.ts';
import type { IssuedToken, IssueToken, TokenRequest } from '../../src/issue/token-request.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts';
import { type SettableClock, settableClock } from '../support/clock.ts';

/** 2026-11-20T21:00:00.123Z */
export const NOW_MS = Date.UTC(2026, 10, 20, 21, 0, 0, 123);
const ISSUED_AT = Math.floor(NOW_MS / 1000);

export const ISSUED: IssuedToken = {
  outcome: 'minted',
  token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl',
  identity: 'm_01jd5z7w8v9x2y3t4r5s6q7p8n' as Identity,
  issuedAt: ISSUED_AT,
  expiresAt: ISSUED_AT + 3600,
  refreshAt: ISSUED_AT + 2880,
  serverTimeMs: NOW_MS,
  serviceSid: 'IS00000000000000000000000000000001',
  region: null,
  month: '2026-11' as Month,
  firstThisMonth: true,
  guestAdopted: false,
};

export interface BuiltApp {
  app: Express;
  /** What reached `issueToken`. */
  requests: TokenRequest[];
  /** Every log event, parsed. */
  events: Record<string, unknown>[];
  metrics: Metrics;
  readiness: Readiness;
  clock: SettableClock;
}

type Overrides = Partial<Omit<AppDeps, 'issueToken' | 'routers' | 'origins' | 'failedAuthentications'>> & {
  extra?: AppDeps['routers']['extra'];
  months?: Router;
  guests?: Router;
  links?: Router;
  corsOrigins?: readonly string[];
  limits?: { failedAuthenticationsPerMinute: number };
};

/** The app around an `issueToken` that answers what it is given, now or later, or throws it when it is an error. */
export async function buildApp(
  answer: Awaited<ReturnType<IssueToken>> | ReturnType<IssueToken> | Error,
  overrides: Overrides = {},
): Promise<BuiltApp> {
  const { extra = [], months = express.Router(), guests = express.Router(), ...others } = overrides;
  const { links = express.Router(), corsOrigins = ['https://app.example'], limits, ...rest } = others;
  const publicUrl = 'https://gateway.example';
  const requests: TokenRequest[] = [];
  const events: Record<string, unknown>[] = [];
  const clock = settableClock(NOW_MS);
  const destination = { write: (line: string) => void events.push(JSON.parse(line)) };
  const { logger } = await createLogger({ level: 'debug', format: 'json', clock, destination });
  const metrics = createMetrics({ version: '0.0.0-test', fill: () => Promise.resolve([]) });
  const readiness = createReadiness([]);
  const app = createApp({
    issueToken: async (request) => {
      requests.push(request);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    clock,
    publicUrl,
    origins: createOrigins(rest.publicUrl === undefined ? publicUrl : rest.publicUrl, corsOrigins),
    guestCookie: createGuestCookie(true),
    trustProxy: false,
    demo: false,
    webhooks: null,
    publicKeys: [],
    logger,
    metrics,
    readiness,
    failedAuthentications: createRateLimiter({
      perMinute: limits?.failedAuthenticationsPerMinute ?? 3,
      clock,
    }),
    routers: { guests, links, months, ops: express.Router(), extra },
    ...rest,
  });
  return { app, requests, events, metrics, readiness, clock };
}
