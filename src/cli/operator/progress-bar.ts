import type { Output } from '../cli-io.ts';

export interface ProgressBar {
  /** @param done so far */
  show(done: number): void;
  /** Takes the bar away. */
  end(): void;
}

const WIDTH = 24;
/** Often enough to look alive, seldom enough to cost nothing. */
const INTERVAL_MS = 200;

/**
 * A bar with rate and remaining time, on a terminal only; elsewhere nothing is shown.
 *
 * @param total what is to be done, at least 1
 * @param now monotonic, ms
 */
export function createProgressBar(
  output: Output,
  { label, total, now }: { label: string; total: number; now: () => number },
): ProgressBar {
  if (output.isTTY !== true) return { show() {}, end() {} };
  const startedAt = now();
  let done = 0;
  const draw = () => output.write(`\r\u001b[K${formatProgress(label, done, total, now() - startedAt)}`);
  draw();
  const timer = setInterval(draw, INTERVAL_MS);
  return {
    show(doneNow) {
      done = doneNow;
      draw();
    },
    end() {
      clearInterval(timer);
      output.write('\r\u001b[K');
    },
  };
}

/** One line, without a line break. */
export function formatProgress(label: string, done: number, total: number, elapsedMs: number): string {
  const filled = Math.floor((WIDTH * done) / total);
  const bar = `${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}`;
  const counts = `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`;
  // Before anything is done there is no rate, but the time shows that it has not died.
  if (done === 0 || elapsedMs <= 0) return `${label} [${bar}] ${counts}, ${formatSeconds(elapsedMs)}`;
  const perSecond = (done * 1000) / elapsedMs;
  const left = ((total - done) * elapsedMs) / done;
  const rate = `${Math.round(perSecond).toLocaleString('en-US')}/s`;
  return `${label} [${bar}] ${counts}, ${rate}, ${formatSeconds(left)} left`;
}

function formatSeconds(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
