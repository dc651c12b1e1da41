import type { Redis } from 'ioredis';

/** Something that a server says or does instead of counting. */
export interface Trouble {
  what: string;
  begin(client: Redis): Promise<unknown>;
  /** By then it is over. */
  end(client: Redis): Promise<unknown>;
}

/** Nobody can end a pause of everybody before its time; a busy machine has asked by then. */
const PAUSE_ALL_MS = 4_000;
const FOREVER_MS = 600_000;
/** More than any server here has. */
const REPLICAS = '9';
/** A master that nobody listens at: what the server has stays as it is. */
const NOBODY = ['127.0.0.1', '1'];

const set = (name: string, value: string) => (client: Redis) => client.config('SET', name, value);
const follow = (client: Redis) => client.call('REPLICAOF', ...NOBODY);
const lead = (client: Redis) => client.call('REPLICAOF', 'NO', 'ONE');

/** May happen to any server. */
export const TROUBLES: readonly Trouble[] = [
  { what: 'OOM', begin: set('maxmemory', '1'), end: set('maxmemory', '0') },
  {
    what: 'NOREPLICAS',
    begin: set('min-replicas-to-write', REPLICAS),
    end: set('min-replicas-to-write', '0'),
  },
  {
    what: 'CLIENT PAUSE, writes',
    begin: (client) => client.call('CLIENT', 'PAUSE', FOREVER_MS, 'WRITE'),
    end: (client) => client.call('CLIENT', 'UNPAUSE'),
  },
  {
    what: 'CLIENT PAUSE, all',
    begin: (client) => client.call('CLIENT', 'PAUSE', PAUSE_ALL_MS, 'ALL'),
    // Answered when it is over.
    end: (client) => client.ping(),
  },
];

/** Of a server that is made to follow another one; a node of a Cluster refuses that. */
export const FOLLOWER_TROUBLES: readonly Trouble[] = [
  { what: 'READONLY', begin: follow, end: lead },
  {
    what: 'MASTERDOWN',
    begin: async (client) => [
      await client.config('SET', 'replica-serve-stale-data', 'no'),
      await follow(client),
    ],
    end: async (client) => [
      await lead(client),
      await client.config('SET', 'replica-serve-stale-data', 'yes'),
    ],
  },
];
