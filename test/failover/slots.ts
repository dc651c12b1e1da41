import type { ServiceName } from '../../src/domain/service-name.ts';
import { createServiceKeys } from '../../src/ledger/redis/keys.ts';
import { askRedis } from '../support/ask-redis.ts';
import type { RedisCluster } from '../support/redis-cluster.ts';
import type { RedisServer } from '../support/redis-server.ts';

/** Where the keys of a service are: their one slot, and the node that owns it. */
export interface Place {
  slot: number;
  owner: RedisServer;
}

type SlotRange = [from: number, to: number, owner: [host: string, port: number]];

/** Where services are by the first node that answers. */
export function findPlaces(cluster: RedisCluster, services: readonly ServiceName[]): Promise<Place[]> {
  const all = [...cluster.servers, ...cluster.replicas.flat()];
  const ask = ({ port }: RedisServer) =>
    askRedis(port, async (client) => {
      const ranges = (await client.call('CLUSTER', 'SLOTS')) as SlotRange[];
      return Promise.all(
        services.map(async (service) => {
          const slot = Number(
            await client.call('CLUSTER', 'KEYSLOT', createServiceKeys('mg', service).names),
          );
          const range = ranges.find(([from, to]) => from <= slot && slot <= to);
          const owner = all.find((server) => server.port === range?.[2][1]);
          if (owner === undefined) throw new Error(`nobody owns slot ${slot}`);
          return { slot, owner };
        }),
      );
    });
  return Promise.any(all.map(ask));
}

export async function findPlace(cluster: RedisCluster, service: ServiceName): Promise<Place> {
  const [place] = await findPlaces(cluster, [service]);
  return place as Place;
}
