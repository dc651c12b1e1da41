/** Runs work on all items, so many at a time. */
export async function inParallel(items, atOnce, work) {
  const queue = [...items];
  const results = [];
  await Promise.all(
    Array.from({ length: Math.min(atOnce, queue.length) }, async () => {
      while (queue.length > 0) results.push(await work(queue.shift()));
    }),
  );
  return results;
}
