import { residentBytes } from '../system/process-figures.js';

const EVERY_MS = 10;

/**
 * Samples a process's resident memory while work goes on.
 *
 * @template Result
 * @param {number} pid
 * @param {() => Promise<Result>} work
 * @returns {Promise<{ result: Result, growthBytes: number | null }>} from the beginning to the peak; null where memory
 *   cannot be read
 */
export async function watchMemory(pid, work) {
  const before = residentBytes(pid);
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, residentBytes(pid) ?? 0);
  }, EVERY_MS);
  try {
    const result = await work();
    return { result, growthBytes: before === null ? null : Math.max(peak, residentBytes(pid) ?? 0) - before };
  } finally {
    clearInterval(timer);
  }
}
