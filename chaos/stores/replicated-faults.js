/**
 * What a store forgets when another server takes over, though it acknowledged it: whatever the new one did not have yet.
 * That is nothing where every acknowledgement waited for *all* replicas, since each of them that may take over has it, and
 * so has the old one when it comes back without having been replaced: it had synced it to its disk. What it takes after its
 * return, until it is told to follow, no replica confirms, so it acknowledges none of that.
 *
 * @param {{ waitReplicas: number }} options which opens a store with just as many replicas, so it is all of them
 * @returns {import('../promises/judge.js').Losses}
 */
export function lossesOfFailover({ waitReplicas }) {
  return waitReplicas === 0 ? 'anything' : 'unacknowledged';
}

/**
 * What may happen to any store in which another server takes over. Each begins and answers how it ends, which is when all
 * servers follow each other again.
 *
 * @param {object} store
 * @param {() => Promise<any>} store.findPrimary the server that takes writes of the run's service
 * @param {() => Promise<void>} store.untilWhole
 */
export function replicatedFaults({ findPrimary, untilWhole }) {
  const crash = async (node) => {
    await node.crash();
    return async () => {
      await node.restart();
      await untilWhole();
    };
  };
  return {
    crash,
    kill: async () => crash(await findPrimary()),
    async pause() {
      const primary = await findPrimary();
      primary.pause();
      return async () => {
        primary.resume();
        await untilWhole();
      };
    },
    /** As silent as a paused one, so that another may take over; and it answers what it was asked meanwhile. */
    async 'client-pause'(lastsMs) {
      await (await findPrimary()).call('CLIENT', 'PAUSE', String(lastsMs), 'ALL');
      return untilWhole;
    },
    async 'out-of-memory'() {
      const primary = await findPrimary();
      await primary.call('CONFIG', 'SET', 'maxmemory', '1');
      return () => primary.call('CONFIG', 'SET', 'maxmemory', '0');
    },
    async 'script-flush'() {
      await (await findPrimary()).call('SCRIPT', 'FLUSH');
      return async () => {};
    },
  };
}
