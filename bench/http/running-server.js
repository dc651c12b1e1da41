import { endChild } from '../system/children.js';

/**
 * A running server under test.
 *
 * @typedef {object} RunningServer
 * @property {number} pid
 * @property {number} port
 * @property {() => Promise<number>} takeLogBytes bytes logged since the last call; the log is emptied
 * @property {() => Promise<void>} stop
 */

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} port
 * @param {import('node:fs/promises').FileHandle} log where it logs to
 * @returns {RunningServer}
 */
export function runningServer(child, port, log) {
  return {
    pid: child.pid,
    port,
    takeLogBytes: async () => {
      const { size } = await log.stat();
      await log.truncate(0);
      return size;
    },
    stop: async () => {
      await endChild(child);
      await log.close();
    },
  };
}
