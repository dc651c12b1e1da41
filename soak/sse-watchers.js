import { request } from 'node:http';
import { OPS_KEY } from '../chaos/run/gateway-config.js';

const WATCHERS = 3;
/** A dashboard is closed and opened again. */
const STAYS_MS = 20_000;

/**
 * Dashboards that follow the figures, each for a while, one after the other.
 *
 * @param {number} port
 */
export function startWatchers(port) {
  const figures = { opened: 0, bytes: 0, refused: 0 };
  const open = new Set();
  let isOver = false;

  function watch() {
    if (isOver) return;
    const headers = { authorization: `Bearer ${OPS_KEY}`, accept: 'text/event-stream' };
    const asked = request(
      { host: '127.0.0.1', port, path: '/v1/events', headers, agent: false },
      (answer) => {
        figures.opened += 1;
        if (answer.statusCode !== 200) figures.refused += 1;
        answer.on('data', (bytes) => {
          figures.bytes += bytes.length;
        });
        answer.on('error', () => {});
      },
    );
    open.add(asked);
    asked.on('error', () => {});
    asked.on('close', () => {
      open.delete(asked);
      setTimeout(watch, 100).unref();
    });
    asked.end();
    setTimeout(() => asked.destroy(), STAYS_MS).unref();
  }

  for (let at = 0; at < WATCHERS; at++) setTimeout(watch, (at * STAYS_MS) / WATCHERS).unref();
  return {
    figures,
    stop() {
      isOver = true;
      for (const asked of open) asked.destroy();
    },
  };
}
