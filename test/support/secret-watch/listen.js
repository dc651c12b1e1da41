import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/**
 * Hears what is said in this process: every answer that a server gives, every answer that comes from a server in
 * another process, and every line that pino writes. Node and pino tell it themselves, through their diagnostics
 * channels; what is tested does not know. Tests add what else was said, and say what must not be, by two more channels
 * (`planted-secrets.ts`).
 *
 * @param {object} heard
 * @param {(secret: { name: string, secret: string }) => void} heard.plant
 * @param {(kind: Kind, place: string) => Say} heard.open a text begins; what it returns is called with each piece of it
 * @returns {() => void} ends it
 *
 * @typedef {'answer' | 'wire' | 'log'} Kind an answer as it was given; as it came from the network; a log
 * @typedef {(chunk: unknown) => void} Say a text, bytes, or anything else, which is passed over
 */
export function listen({ plant, open }) {
  /** Of servers in this process, whose answers are heard where they are given. */
  const ownPorts = new Set();
  const ears = {
    'mau-guard.test.secret': plant,
    'mau-guard.test.said': ({ kind, place, text }) => open(kind, place)(text),
    'tracing:pino_asJson:end': ({ result }) => open('log', 'the log')(result),
    'http.server.request.start': ({ request, response, socket }) => {
      ownPorts.add(socket.localPort);
      const place = placeOf(request.method, request.url);
      hearAnswer(response, open('answer', place), open('answer', place));
    },
    'net.client.socket': ({ socket }) => hearReplies(socket, open, ownPorts),
  };
  for (const [name, ear] of Object.entries(ears)) subscribe(name, ear);
  return () => {
    for (const [name, ear] of Object.entries(ears)) unsubscribe(name, ear);
  };
}

/** An answer while it is given: its head, which is written once, and its body in pieces. */
function hearAnswer(response, sayHead, say) {
  const { writeHead, write, end } = response;
  response.writeHead = function (...head) {
    sayHead(JSON.stringify([this.getHeaders(), ...head]));
    return writeHead.apply(this, head);
  };
  response.write = function (chunk, ...rest) {
    say(chunk);
    return write.call(this, chunk, ...rest);
  };
  response.end = function (chunk, ...rest) {
    say(chunk);
    return end.call(this, chunk, ...rest);
  };
}

const REQUEST_LINE = /^([A-Z]+) (\S+) HTTP\/1\.[01]\r\n/;

/** What comes back on a connection that was opened here, if it is HTTP and from another process. */
function hearReplies(socket, open, ownPorts) {
  const { push, _write, _writev } = socket;
  let place = placeOf('some', 'request');
  let say = null;
  let isHeard = false;
  const hearRequest = (chunk) => {
    const [, method, url] = REQUEST_LINE.exec(latin1Of(chunk)) ?? [];
    if (url !== undefined) [place, say] = [placeOf(method, url), null];
  };
  // Not `write`, which a socket takes back when it connects.
  socket._write = function (chunk, ...rest) {
    hearRequest(chunk);
    return _write.call(this, chunk, ...rest);
  };
  socket._writev = function (pieces, ...rest) {
    for (const { chunk } of pieces) hearRequest(chunk);
    return _writev.call(this, pieces, ...rest);
  };
  socket.push = function (chunk, ...rest) {
    isHeard ||= !ownPorts.has(this.remotePort) && latin1Of(chunk).startsWith('HTTP/1.');
    if (isHeard) {
      say ??= open('wire', place);
      say(chunk);
    } else {
      delete this.push;
      delete this._write;
      delete this._writev;
    }
    return push.call(this, chunk, ...rest);
  };
}

/** The query is left out: it may hold the very secret. */
function placeOf(method, url = '') {
  return `the answer to ${method} ${url.split('?', 1)[0]}`;
}

/** One character a byte, so that bytes and texts are searched alike; nothing for what is neither. */
export function latin1Of(chunk) {
  if (typeof chunk === 'string') return Buffer.from(chunk).latin1Slice();
  if (!ArrayBuffer.isView(chunk)) return '';
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).latin1Slice();
}
