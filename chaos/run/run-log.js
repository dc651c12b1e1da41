import { copyFileSync, cpSync, createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Opens the log of a run, with everything that was drawn.
 *
 * @param {import('../options.js').Options} options
 * @param {import('../schedule/draw-schedule.js').Schedule} schedule
 * @param {(undo: () => Promise<unknown>) => void} defer
 * @returns {(entry: Record<string, any>) => void} writes a line
 */
export function openLog({ logFile, ...options }, schedule, defer) {
  mkdirSync(dirname(logFile), { recursive: true });
  const stream = createWriteStream(logFile);
  defer(() => new Promise((resolve) => stream.end(resolve)));
  const log = (entry) => stream.write(`${JSON.stringify(entry)}\n`);
  const { seed, seconds, store, gateways, kills, rate } = options;
  log({ kind: 'run', seed, seconds, store, gateways, kills, rate });
  for (const { index, clock, faults, traffic } of schedule.rounds) {
    log({ kind: 'drawn', round: index, clock, requests: traffic.length, faults });
  }
  return log;
}

/** What the gateways themselves had to say, and their journals; the rest of their folder goes with the run. */
export function keepGatewayLogs({ folder, gateways, logFile }) {
  const beside = (name) => logFile.replace(/(\.ndjson)?$/, `.${name}`);
  for (let n = 0; n < gateways; n++) {
    copyFileSync(join(folder, `gateway-${n}.log`), beside(`gateway-${n}.log`));
    cpSync(join(folder, `journal-${n}`), beside(`journal-${n}`), { recursive: true });
  }
}

/**
 * So that whoever reads of a broken promise finds all that there was about somebody.
 *
 * @param {ReturnType<typeof import('./history.js').createHistory>} history
 * @param {(entry: Record<string, any>) => void} log
 * @returns {() => void} logs what came since it was last called; to be called while nothing is under way
 */
export function createHistoryLog(history, log) {
  const logged = { tokens: 0, turned: 0, evidence: 0, writes: 0, links: 0, notes: 0 };
  return () => {
    for (const kind of Object.keys(logged)) {
      for (const entry of history[kind].slice(logged[kind])) log({ kind, ...entry });
      logged[kind] = history[kind].length;
    }
  };
}
