import { type Problem, refusedByHttp } from './problem.ts';

/**
 * Runs one piece of heavy work at a time, in this process; who comes meanwhile is told `conflict`.
 *
 * @param detail what the one who comes meanwhile is told
 */
export function createOneAtATime(
  detail: string,
): <Result>(work: () => Promise<Result>) => Promise<Result | Problem> {
  let running = false;
  return async (work) => {
    if (running) return refusedByHttp('conflict', { detail });
    running = true;
    try {
      return await work();
    } finally {
      running = false;
    }
  };
}
