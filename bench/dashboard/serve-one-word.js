import { once } from 'node:events';
import { createServer } from 'node:http';

/** Name of the page that is none of the dashboard's. */
export const ONE_WORD = 'a page of one word';

const PAGE = '<!doctype html><html lang="en"><title>One word</title><p>Hello';

/**
 * A page of one word, without style or script: what the browser itself takes on this machine at this hour.
 *
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function serveOneWord() {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8').end(PAGE);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
