import { Agent, request } from 'node:http';

/**
 * What a gateway answered to somebody who asked for a token.
 *
 * @typedef {object} Answer
 * @property {number} status 0 when there was none
 * @property {Record<string, any>} body empty when it was not JSON
 */

/**
 * Asks one gateway over a fixed number of connections that stay open.
 *
 * @typedef {object} Asker
 * @property {(login: string, intent?: string) => Promise<Answer>} ask never rejects
 * @property {() => void} close
 */

/**
 * @param {number} port
 * @param {number} connections
 * @returns {Asker}
 */
export function createAsker(port, connections) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections });

  /** @returns {Promise<Answer>} */
  function ask(login, intent = 'open_chat') {
    return new Promise((resolve) => {
      const failed = (error) => resolve({ status: 0, body: { code: `no answer: ${error.message}` } });
      const body = `{"intent":"${intent}"}`;
      const headers = {
        authorization: `Bearer ${login}`,
        'content-type': 'application/json',
        'content-length': body.length,
      };
      const sent = request(
        { host: '127.0.0.1', port, method: 'POST', path: '/v1/tokens', agent, headers },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('error', failed);
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parse(text) }));
        },
      );
      sent.on('error', failed);
      sent.end(body);
    });
  }

  return { ask, close: () => agent.destroy() };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
