/**
 * Runs a part of work that comes again and again, by itself: it never rejects, and a failure is told once, until the part succeeds
 * or fails in another way.
 */
export type Attempt = (
  part: string,
  work: () => Promise<unknown>,
  onFailure: (failure: unknown) => void,
) => Promise<void>;

export function createAttempts(): Attempt {
  const told = new Map<string, string>();
  return async (part, work, onFailure) => {
    try {
      await work();
      told.delete(part);
    } catch (failure) {
      if (told.get(part) === String(failure)) return;
      told.set(part, String(failure));
      onFailure(failure);
    }
  };
}
