/**
 * Undoes what was started, last first, whatever else failed.
 *
 * @param {(defer: (undo: () => Promise<unknown>) => void) => Promise<Result>} work
 * @returns {Promise<Result>}
 * @template Result
 */
export async function withCleanup(work) {
  const undos = [];
  try {
    return await work((undo) => undos.push(undo));
  } finally {
    for (const undo of undos.reverse()) await undo().catch(() => {});
  }
}
