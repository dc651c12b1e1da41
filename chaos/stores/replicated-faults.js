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
    async 'script-flush'() {
      await (await findPrimary()).call('SCRIPT', 'FLUSH');
      return async () => {};
    },
  };
}
