import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Everything of the built product that the benchmark calls from inside. The product as such is only ever run as
 * `dist/cli/main.js`; these parts fill ledgers and foresee identities. (`http/servers/bare.js` has its own imports.)
 */
export { createIdentityResolver } from '../dist/issue/resolve-identity.js';
export { openRedisLedger } from '../dist/ledger/redis/redis-ledger.js';
export { openSqliteLedger } from '../dist/ledger/sqlite/open-sqlite-ledger.js';

/** The command that is measured. */
export const GATEWAY = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** The flags for Node that it is started with, by `npm start` and by its own first line. */
export const NODE_FLAGS = readFileSync(GATEWAY, 'utf8').split('\n', 1)[0].split(' ').slice(3);
