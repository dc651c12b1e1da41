import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MetricsPage } from '../telemetry/cluster-metrics.ts';
import { startListening } from './start-listening.ts';

export interface MetricsServer {
  http: Server;
  /** Port 0 picks a free one. Rejects when the address cannot be had. */
  listen(port: number, host: string): Promise<AddressInfo>;
  close(): Promise<void>;
}

/**
 * The listener for Prometheus: `/metrics` and `/livez`, nothing else. A port of its own, so that the figures are
 * not open to whoever reaches the gateway.
 */
export function createMetricsServer(metrics: MetricsPage): MetricsServer {
  const http = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (req, res) => {
    answer(metrics, req, res).catch(() => send(res, 500, 'The metrics could not be collected.\n'));
  });
  return {
    http,
    listen: (port, host) => startListening(http, port, host),
    close: () =>
      new Promise((resolve, reject) => {
        http.close((error) => (error ? reject(error) : resolve()));
        http.closeAllConnections();
      }),
  };
}

async function answer(metrics: MetricsPage, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const path = req.url?.split('?', 1)[0];
  if (path !== '/metrics' && path !== '/livez') return send(res, 404, 'Here are /metrics and /livez.\n');
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    res.setHeader('Allow', 'GET, HEAD');
    return send(res, 405, 'Use GET or HEAD.\n');
  }
  if (path === '/livez') return send(res, 200, 'ok\n');
  const { contentType, text } = await metrics.expose();
  send(res, 200, text, contentType);
}

function send(res: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  res.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  res.end(text);
}
