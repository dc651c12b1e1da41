const EVERY_MS = 5;
/** Timers are a little late on any machine. */
const LATE_MS = 20;

/**
 * How long a piece of work took, ms, without the times in which a busy machine let nothing run here: in those nobody could
 * have answered. Waiting counts, since this program comes to its turn meanwhile.
 */
export async function timeAwake<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; awakeMs: number }> {
  const startedAt = performance.now();
  let [lastAt, asleepMs] = [startedAt, 0];
  const note = () => {
    const now = performance.now();
    if (now - lastAt > EVERY_MS + LATE_MS) asleepMs += now - lastAt - EVERY_MS;
    lastAt = now;
  };
  const timer = setInterval(note, EVERY_MS);
  try {
    const result = await work();
    note();
    return { result, awakeMs: lastAt - startedAt - asleepMs };
  } finally {
    clearInterval(timer);
  }
}
