import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of the one gateway: what can fail is that gateway. */
export const EMBEDDED = {
  title: 'embedded ledger',
  canKill: false,
  losses: () => 'nothing',
  faults: [],

  /**
   * @param {string} folder
   * @returns {Promise<import('./stores.js').RunningStore>}
   */
  async open(folder) {
    const path = join(await mkdtemp(join(folder, 'embedded-')), 'ledger.db');
    return {
      environment: { LEDGER: 'embedded', LEDGER_PATH: path },
      begin: async () => async () => {},
      stop: async () => {},
    };
  },
};
