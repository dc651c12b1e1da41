import type { Output } from '../cli-io.ts';

export interface ProgressBar {
  /** @param done so far, also by an earlier run */
  show(done: number): void;
  /** Takes the bar away. */
  end(): void;
}

export interface Work {
  label: string;
  /** What is to be done, at least 1. May turn out to be more. */
  total: number;
  /** Whether the total is only about right. */
  isAbout?: boolean;
  /** What was done before, at a pace that nobody knows; 0 unless told. */
  from?: number;
}

/** So that numbers of six digits and hours still fit a terminal of 80 columns: what wraps cannot be taken away. */
const WIDTH = 20;
/** Often enough to look alive, seldom enough to cost nothing. */
const INTERVAL_MS = 200;

/**
 * A bar with rate and remaining time, on a terminal only; elsewhere nothing is shown.
 *
 * @param now monotonic, ms
 */
export function createProgressBar(
  output: Output,
  { now, ...work }: Work & { now: () => number },
): ProgressBar {
  if (output.isTTY !== true) return { show() {}, end() {} };
  const startedAt = now();
  let done = work.from ?? 0;
  const draw = () => output.write(`\r\u001b[K${formatProgress(work, done, now() - startedAt)}`);
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

/**
 * One line, without a line break.
 *
 * @param elapsedMs since `from` was done
 */
export function formatProgress(work: Work, done: number, elapsedMs: number): string {
  const { label, isAbout = false, from = 0 } = work;
  const total = Math.max(work.total, done);
  const filled = Math.floor((WIDTH * done) / total);
  const bar = `${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}`;
  const all = `${isAbout ? 'about ' : ''}${total.toLocaleString('en-US')}`;
  const shown = `${label} [${bar}] ${done.toLocaleString('en-US')} of ${all}`;
  const doneHere = done - from;
  // Before anything is done there is no rate, but the time shows that it has not died.
  if (doneHere <= 0 || elapsedMs <= 0) return `${shown}, ${formatDuration(elapsedMs)}`;
  const rate = formatRate((doneHere * 1000) / elapsedMs);
  return `${shown}, ${rate}, ${formatDuration(((total - done) * elapsedMs) / doneHere)} left`;
}

function formatRate(perSecond: number): string {
  const digits = perSecond < 10 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 };
  return `${perSecond.toLocaleString('en-US', digits)}/s`;
}

function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
