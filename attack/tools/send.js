import { Agent, request } from 'node:http';

/**
 * What came back.
 *
 * @typedef {object} Answer
 * @property {number} status 0 when nothing did
 * @property {Record<string, string>} headers by lower-case name; repeated ones joined by a line end
 * @property {string} text
 * @property {any} json null when the text is none
 */

/**
 * A request that is sent as it is: nothing is corrected or refused on the way.
 *
 * @typedef {object} Sent
 * @property {number} port
 * @property {string} [method] default POST with a body, else GET
 * @property {string} path
 * @property {Record<string, string | string[]> | string[]} [headers]
 * @property {string | Buffer} [body]
 * @property {string} [from] address of ours to call from, such as `127.0.7.1`
 */

/** @typedef {(sent: Sent) => Promise<Answer>} Send never rejects */

const PATIENCE_MS = 20_000;
const CONNECTIONS_MAX = 64;

/**
 * @param {(where: string, text: string) => void} witness sees everything that comes back
 * @returns {{ send: Send, close: () => void }}
 */
export function createSender(witness) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX });

  /** @type {Send} */
  function send({ port, method, path, headers = {}, body, from }) {
    return new Promise((resolve) => {
      const failed = (error) => resolve({ status: 0, headers: {}, text: error.message, json: null });
      const options = {
        ...{ host: '127.0.0.1', port, path, headers, agent, timeout: PATIENCE_MS },
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        ...(from === undefined ? {} : { localAddress: from }),
      };
      let outgoing;
      try {
        outgoing = request(options, (incoming) => {
          const chunks = [];
          incoming.on('data', (chunk) => chunks.push(chunk));
          incoming.on('error', failed);
          incoming.on('end', () => resolve(read(incoming, Buffer.concat(chunks).toString('utf8'))));
        });
      } catch (error) {
        // Node itself refuses to send some of it; that is no answer of the gateway.
        return failed(error);
      }
      outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
      outgoing.on('error', failed);
      outgoing.end(body);
    });

    function read({ statusCode, rawHeaders }, text) {
      const found = {};
      for (let at = 0; at < rawHeaders.length; at += 2) {
        const name = rawHeaders[at].toLowerCase();
        found[name] = name in found ? `${found[name]}\n${rawHeaders[at + 1]}` : rawHeaders[at + 1];
      }
      witness(`the answer to ${method ?? ''} ${path}`.slice(0, 120), `${rawHeaders.join('\n')}\n${text}`);
      return { status: statusCode, headers: found, text, json: parse(text) };
    }
  }

  return { send, close: () => agent.destroy() };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
