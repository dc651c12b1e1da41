import { connect } from 'node:net';

const READ_BYTES = 64 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)\r\n/i;
const SAMPLE_CHARACTERS = 300;

/**
 * What came back for a request.
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {boolean} expected the status and the mark in the body that were asked for
 * @property {string} sample beginning of the answer when it was not expected, else empty
 */

/**
 * A keep-alive HTTP/1.1 connection, one request at a time, on a raw socket: node:http as a client would take more
 * CPU than the servers under test.
 *
 * @typedef {object} Connection
 * @property {(request: Buffer) => void} send
 * @property {() => void} close
 */

/**
 * @param {number} port
 * @param {{ status: number, mark: string }} expected a mark is a text that the body must hold
 * @param {{ onAnswer: (connection: Connection, answer: Answer) => void, onLost: (reason: string) => void }} listener
 * @returns {Promise<Connection>}
 */
export function openConnection(port, { status: expectedStatus, mark }, { onAnswer, onLost }) {
  const markBytes = Buffer.from(mark);
  let rest = null;
  let closed = false;

  function onRead(length, buffer) {
    const chunk = buffer.subarray(0, length);
    const bytes = rest === null ? chunk : Buffer.concat([rest, chunk]);
    const headEnd = bytes.indexOf(HEAD_END);
    const head = headEnd < 0 ? '' : bytes.latin1Slice(0, headEnd + 2);
    const bodyLength = CONTENT_LENGTH.exec(head)?.[1];
    if (headEnd >= 0 && bodyLength === undefined) {
      fail(`an answer without Content-Length: ${head}`);
      return true;
    }
    const bodyStart = headEnd + HEAD_END.length;
    const end = bodyStart + Number(bodyLength);
    if (headEnd < 0 || bytes.length < end) {
      // The buffer is read into again, so what waits for its other half is copied.
      rest = Buffer.from(bytes);
      return true;
    }
    rest = null;
    if (bytes.length > end) {
      fail('more than one answer to a request');
      return true;
    }
    const status = Number(head.slice(9, 12));
    const expected = status === expectedStatus && bytes.indexOf(markBytes, bodyStart) >= 0;
    onAnswer(connection, {
      status,
      expected,
      sample: expected
        ? ''
        : `${status} ${bytes.toString('latin1', bodyStart, Math.min(end, bodyStart + SAMPLE_CHARACTERS))}`,
    });
    return true;
  }

  function fail(reason) {
    if (closed) return;
    connection.close();
    onLost(reason);
  }

  const socket = connect({
    port,
    host: '127.0.0.1',
    noDelay: true,
    onread: { buffer: Buffer.allocUnsafe(READ_BYTES), callback: onRead },
  });
  const connection = {
    send: (request) => socket.write(request),
    close() {
      closed = true;
      socket.destroy();
    },
  };
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(connection));
    socket.once('error', (error) => {
      reject(error);
      fail(error.message);
    });
    socket.once('end', () => fail('the server closed a connection'));
    socket.once('close', () => fail('a connection was lost'));
  });
}
