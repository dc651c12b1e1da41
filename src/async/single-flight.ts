/**
 * Lets callers that ask for the same thing at the same time share one answer. Nothing is kept once the answer
 * is there; a failure is shared too.
 */
export function createSingleFlight<T>(): (key: string, run: () => Promise<T>) => Promise<T> {
  const flights = new Map<string, Promise<T>>();
  return (key, run) => {
    const joined = flights.get(key);
    if (joined !== undefined) return joined;
    const flight = run().finally(() => flights.delete(key));
    flights.set(key, flight);
    return flight;
  };
}
