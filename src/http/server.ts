import {
  createServer as createHttpServer,
  IncomingMessage,
  type Server,
  type ServerOptions,
  ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import gracefulShutdown from 'http-graceful-shutdown';
import { answerClientError, type MalformedRequest } from './client-error.ts';
import { originForm } from './origin-form.ts';
import type { Readiness } from './readiness.ts';
import { createRequestIds } from './request-id.ts';
import { createListener } from './shortcuts.ts';
import { startListening } from './start-listening.ts';

export interface GatewayServerOptions {
  readiness: Readiness;
  /** How long `/readyz` says no before the door closes, so that load balancers have looked; ms. */
  drainDelayMs: number;
  /** When requests still in flight are cut off, counted from closing the door; ms. */
  drainTimeoutMs: number;
  /** Called when the end begins, to finish requests that would never end by themselves. */
  beforeDrain?: () => void;
  /** What is closed after the last answer, in this order; each is run even when one before it failed. */
  afterDrain: readonly (() => Promise<void>)[];
  /** Without a trailing slash, for the `type` of problems; null makes it relative. Default: null. */
  publicUrl?: string | null;
  /** Called for each connection on which something came that is no request, after it was answered. */
  onMalformed?: (request: MalformedRequest) => void;
  /** Whether requests and responses are born with Express's prototypes. Default: on Node below 24. */
  bindPrototypes?: boolean;
}

export interface GatewayServer {
  http: Server;
  /** Port 0 picks a free one. Rejects when the address cannot be had. */
  listen(port: number, host: string): Promise<AddressInfo>;
  /**
   * Stops without losing an answer: `/readyz` 503 and every answer the last one on its connection, then no new
   * connections, requests in flight finished, idle keep-alive connections dropped, then `afterDrain`. Safe to call
   * again; rejects when an `afterDrain` step failed.
   */
  drain(): Promise<void>;
}

/** Larger than the idle timeout of common load balancers (60 s), else they reuse a connection that we just closed. */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
const HEADER_BYTES_MAX = 16_384;

/** An HTTP server around the app, with limits on slow and large requests, and an orderly end. */
export function createServer(app: Express, options: GatewayServerOptions): GatewayServer {
  const settings: ServerOptions = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    maxHeaderSize: HEADER_BYTES_MAX,
  };
  const listener = createListener(app);
  let draining = false;
  const bind = options.bindPrototypes ?? Number.parseInt(process.versions.node, 10) < 24;
  const http = createHttpServer(bind ? { ...settings, ...boundTo(app) } : settings, (req, res) => {
    // Whoever keeps connections is told to let go of this one, and does not send into it while it is closed.
    if (draining) res.shouldKeepAlive = false;
    req.url = originForm(req.url ?? '/');
    listener(req, res);
  });
  const requestIds = createRequestIds();
  http.on('clientError', (error, socket) => {
    const context = { publicUrl: options.publicUrl ?? null, requestId: requestIds(undefined) };
    const answered = answerClientError(error, socket, context);
    if (answered !== null) options.onMalformed?.(answered);
  });
  const shutdown = gracefulShutdown(http, {
    signals: '',
    forceExit: false,
    timeout: options.drainTimeoutMs,
    preShutdown: async () => {
      options.readiness.startDraining();
      draining = true;
      options.beforeDrain?.();
      await new Promise((resolve) => setTimeout(resolve, options.drainDelayMs));
    },
    onShutdown: () => runInOrder(options.afterDrain),
  });
  const end = () => {
    options.beforeDrain?.();
    return runInOrder(options.afterDrain);
  };
  let drained: Promise<void> | null = null;
  return {
    http,
    listen: (port, host) => startListening(http, port, host),
    drain: () => {
      drained ??= http.listening ? shutdown() : end();
      return drained;
    },
  };
}

/**
 * Express gives every request and response its own prototype with `Object.setPrototypeOf`, which costs Node 20 and
 * 22 most of Express's time (76 against 18 µs a request). Objects born with that prototype make it a no-op. Node 24
 * has made the call cheap, and there the detour only costs.
 *
 * Classes, so that V8 makes objects with room for what `node:http` puts into them. Born of a function that has Express's
 * prototype, each response became a dictionary while it was made: an eighth of a mint's CPU.
 */
function boundTo(app: Express): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class GatewayRequest extends IncomingMessage {}
  class GatewayResponse<Request extends IncomingMessage> extends ServerResponse<Request> {}
  Object.setPrototypeOf(GatewayRequest.prototype, app.request);
  Object.setPrototypeOf(GatewayResponse.prototype, app.response);
  const [request, response] = [GatewayRequest.prototype, GatewayResponse.prototype];
  // As Express does, which would find another app's there once this one is mounted in it.
  for (const each of [request, response]) Object.assign(each, { app });
  Object.assign(app, { request, response });
  return { IncomingMessage: GatewayRequest, ServerResponse: GatewayResponse };
}

async function runInOrder(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    await step().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Closing down was not clean.');
}
