/*
 * The gateway's own work without Express and without its HTTP layer: the same configuration, wired by the same
 * wire.js, the very same issueToken with its log, and the same answer, on bare node:http. What the gateway takes
 * beyond this is the cost of its HTTP side: routing, checking headers and body, problem documents, metrics.
 */
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../../dist/config/load-config.js';
import { readProcessInput } from '../../../dist/config/process-input.js';
import { fitCollector } from '../../../dist/fit-collector.js';
import { createRequestIds } from '../../../dist/http/request-id.js';
import { captureHeaders, createSecurityHeaders } from '../../../dist/http/security-headers.js';
import { createTokenAnswers } from '../../../dist/http/token-answer.js';
import { systemClock } from '../../../dist/system-clock.js';
import { createLogger } from '../../../dist/telemetry/logger.js';
import { wire } from '../../../dist/wire.js';

fitCollector();
const config = loadConfig({ ...readProcessInput(), demoIdentitySecret: () => '' });
if (!config.ok) throw new Error(JSON.stringify(config.faults));
const { settings } = config;
const log = await createLogger({ ...settings.log, clock: systemClock });
const { issueToken, ledger } = wire({ settings, clock: systemClock, log, version: 'bare' });
const buildAnswer = createTokenAnswers(false);
const fixedHeaders = [
  ...captureHeaders(createSecurityHeaders()),
  ...['Cache-Control', 'no-store', 'Vary', 'Origin', 'Content-Type', 'application/json; charset=utf-8'],
];
const nextRequestId = createRequestIds();

// As long as the gateway's, which says so in each answer.
const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    answer(request, response, JSON.parse(body)).catch((error) => response.writeHead(500).end(String(error)));
  });
});

async function answer(request, response, body) {
  const requestId = nextRequestId(undefined);
  const { authorization } = request.headers;
  const credentials = {
    authorization,
    apiKey: undefined,
    subject: undefined,
    cookie: undefined,
    originTrusted: false,
  };
  const issued = await issueToken({ requestId, credentials, body });
  if (issued.outcome === 'refused') {
    const refusal = Buffer.from(JSON.stringify(issued));
    response.writeHead(403, { 'Content-Length': refusal.length }).end(refusal);
    return;
  }
  const text = buildAnswer(issued);
  const own = ['X-Request-Id', requestId, 'Content-Length', String(text.length)];
  response.writeHead(200, [...fixedHeaders, ...own]);
  response.end(text, 'latin1');
}

while (!(await ledger.ping().catch(() => false))) await sleep(50);
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.once('disconnect', () => process.exit(0));
