import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Writes bytes to a gateway and hears what comes until it hangs up, or until nothing came for a while.
 *
 * @param {number} port
 * @param {string | Buffer} bytes
 * @param {{ quietMs?: number }} [options]
 * @returns {Promise<string>} Latin-1
 */
export function speak(port, bytes, { quietMs = 400 } = {}) {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('latin1');
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.on('data', (text) => {
      heard += text;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
  });
}

/**
 * Statuses of the answers on a connection, in order.
 *
 * @param {string} heard
 */
export function statusesOf(heard) {
  return [...heard.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

/**
 * A connection that is held open, for wearing a gateway down.
 *
 * @param {number} port
 * @param {string} [begin] sent at once
 */
export async function hold(port, begin = '') {
  let heard = '';
  let open = true;
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1');
  socket.on('data', (text) => {
    heard += text;
  });
  const closed = new Promise((resolve) => {
    socket.on('error', () => {});
    socket.on('close', () => {
      open = false;
      resolve(undefined);
    });
  });
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), closed]);
  if (open) socket.write(begin);
  return {
    write: (text) => open && socket.write(text),
    heard: () => heard,
    isOpen: () => open,
    /** @param {number} ms */
    closedWithin: (ms) => Promise.race([closed.then(() => true), sleep(ms, false, { ref: false })]),
    end: () => socket.destroy(),
  };
}
