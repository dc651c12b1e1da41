import { request } from 'node:http';

/**
 * What became of a request.
 *
 * @typedef {object} Answer
 * @property {number} status 0 when there was none: the gateway was gone, or went
 * @property {any} body parsed when it is JSON, else null
 * @property {string} text
 * @property {Record<string, any>} headers
 * @property {number} sentMs by the world's clock, ms since the epoch
 * @property {number} answeredMs by the world's clock
 * @property {number} tookMs by a clock that does not jump
 * @property {number} gateway
 * @property {number} incarnation of the gateway when it was sent
 */

/** Nobody waits longer for a token; the gateway answers well before. */
const PATIENCE_MS = 10_000;

/**
 * @param {import('./gateways.js').GatewayPlace} place
 * @param {import('./world-clock.js').WorldClock} clock
 * @param {{ method: string, path: string, headers?: Record<string, string>, body?: string }} what
 * @returns {Promise<Answer>} never rejects
 */
export function ask({ n, port, agent, incarnation }, clock, { method, path, headers = {}, body = '' }) {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const sentMs = clock.now();
    const settle = (status, text, received) => {
      const tookMs = performance.now() - startedAt;
      const times = { sentMs, answeredMs: clock.now(), tookMs };
      resolve({ status, text, body: parse(text), headers: received, ...times, gateway: n, incarnation });
    };
    const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = { host: '127.0.0.1', port, agent, method, path, headers: { ...headers, ...length } };
    const sent = request({ ...options, timeout: PATIENCE_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', () => settle(0, '', {}));
      // An answer that was cut off is none.
      response.on('close', () =>
        response.complete ? settle(response.statusCode ?? 0, text, response.headers) : settle(0, '', {}),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', (error) => settle(0, error.message, {}));
    sent.end(body);
  });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
