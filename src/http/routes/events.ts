import { type Request, type Response, Router } from 'express';
import { refused } from '../../domain/refusal.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { LiveMonths, LiveNews } from '../../ops/live-months.ts';
import { mayActAs, type Operator } from '../../ops/operator.ts';
import { withoutCost } from '../../reports/month-summary.ts';
import { findService, readQuery, refusedQuery } from '../operator-query.ts';
import { type OperatorGate, operatorOf } from '../operators.ts';
import { isProblem } from '../problem.ts';

export interface EventRoutesDeps {
  gate: OperatorGate;
  services: readonly ServiceName[];
  live: LiveMonths;
  /** Defaults below. */
  bounds?: Partial<StreamBounds>;
}

export interface StreamBounds {
  /** Streams open at a time in this process. */
  streamsMax: number;
  /** Of these, streams of one operator. */
  perOperatorMax: number;
  /** A stream ends after this time, and the browser opens it anew, ms. */
  lifeMs: number;
  /** How often it is asked whether the operator is still signed in, ms. */
  checkMs: number;
}

const BOUNDS: StreamBounds = { streamsMax: 200, perOperatorMax: 20, lifeMs: 900_000, checkMs: 10_000 };
/** When a browser opens a stream again that ended, ms. */
const RETRY_MS = 3_000;
/** What may wait for a reader who does not read, bytes. */
const UNREAD_BYTES_MAX = 65_536;

export interface EventRoutes {
  router: Router;
  /** Ends every stream, so that the gateway can stop; new ones end at once. */
  close(): void;
}

/**
 * Server-sent events for the dashboard. To be mounted at `/v1/events`.
 *
 * Event `month` holds the month summary, `beat` says that nothing changed, `away` that the ledger does not answer.
 * Under a `Last-Event-ID` that names the present figures they are not sent again.
 */
export function createEventRoutes({ gate, services, live, bounds }: EventRoutesDeps): EventRoutes {
  const { streamsMax, perOperatorMax, lifeMs, checkMs } = { ...BOUNDS, ...bounds };
  const open = new Map<Response, string>();
  let closed = false;
  const router = Router({ caseSensitive: true });

  router.get('/', gate.require('viewer'), (request, response, next) => {
    const { query, faults } = readQuery(request, ['service']);
    if (faults.length > 0) return next(refusedQuery(faults));
    const service = findService(services, query.service);
    if (isProblem(service)) return next(service);
    const operator = operatorOf(response);
    const own = [...open.values()].filter((name) => name === operator.name).length;
    if (open.size >= streamsMax || own >= perOperatorMax) {
      const limit = open.size >= streamsMax ? streamsMax : perOperatorMax;
      const detail = 'Too many event streams are open.';
      const terms = { policy: 'event-streams', limit, windowSeconds: 60, retryAfterSeconds: 30 };
      return next(refused('rate-limited', { detail, ...terms }));
    }
    stream(request, response, service, operator);
  });

  function stream(request: Request, response: Response, service: ServiceName, operator: Operator): void {
    response.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // Else a proxy may hold events back until there are many.
      'X-Accel-Buffering': 'no',
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    response.write(`retry: ${RETRY_MS}\n\n`);
    if (closed) {
      response.end();
      return;
    }
    open.set(response, operator.name);
    let known = request.get('last-event-id');
    const leave = live.watch(service, (news) => {
      const isKnown = news.kind === 'month' && news.id === known;
      known = undefined;
      send(response, isKnown ? { kind: 'beat', asOf: news.summary.asOf } : news, operator);
    });
    const check = setInterval(() => void endWhenSignedOut(request, response), checkMs);
    const timer = setTimeout(() => response.end(), lifeMs);
    check.unref();
    timer.unref();
    response.once('close', () => {
      clearInterval(check);
      clearTimeout(timer);
      open.delete(response);
      leave();
    });
  }

  /** A session that ended, or a key that was taken away, ends its streams as well. */
  async function endWhenSignedOut(request: Request, response: Response): Promise<void> {
    if ((await gate.identify(request)) === null) response.end();
  }

  return {
    router,
    close() {
      closed = true;
      for (const response of open.keys()) response.end();
    },
  };
}

function send(response: Response, news: LiveNews, operator: Operator): void {
  if (response.writableEnded || response.destroyed) return;
  if (response.writableLength > UNREAD_BYTES_MAX) {
    response.destroy();
    return;
  }
  response.write(textOf(news, operator));
}

function textOf(news: LiveNews, operator: Operator): string {
  switch (news.kind) {
    case 'month': {
      const summary = mayActAs(operator, 'finance') ? news.summary : withoutCost(news.summary);
      return `id: ${news.id}\nevent: month\ndata: ${JSON.stringify(summary)}\n\n`;
    }
    case 'beat':
      return `event: beat\ndata: ${JSON.stringify({ asOf: news.asOf })}\n\n`;
    case 'away':
      return `event: away\ndata: ${JSON.stringify({ since: news.since })}\n\n`;
    default:
      return news satisfies never;
  }
}
