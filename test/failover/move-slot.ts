import { askRedis } from '../support/ask-redis.ts';
import { nodeId, type RedisCluster } from '../support/redis-cluster.ts';
import type { RedisServer } from '../support/redis-server.ts';

const KEYS_PER_MOVE = 20;
const MOVE_MS_MAX = 5_000;

/**
 * Moves a slot from its owner to another primary, key by key, as `redis-cli --cluster reshard` does. In between, scripts
 * with keys on both sides are told to try again.
 *
 * @param inBetween runs when about half of the keys are moved
 */
export async function moveSlot(
  cluster: RedisCluster,
  slot: number,
  { from, to, inBetween }: { from: RedisServer; to: RedisServer; inBetween?: () => Promise<unknown> },
): Promise<{ keys: number }> {
  const [fromId, toId] = [await nodeId(from.port), await nodeId(to.port)];
  await tell(to, 'SETSLOT', slot, 'IMPORTING', fromId);
  await tell(from, 'SETSLOT', slot, 'MIGRATING', toId);
  const all = Number(await tell(from, 'COUNTKEYSINSLOT', slot));
  let keys = 0;
  let waited = inBetween === undefined;
  for (;;) {
    const some = (await tell(from, 'GETKEYSINSLOT', slot, KEYS_PER_MOVE)) as string[];
    if (some.length === 0) break;
    await askRedis(from.port, (client) =>
      client.call('MIGRATE', to.host, String(to.port), '', '0', String(MOVE_MS_MAX), 'KEYS', ...some),
    );
    keys += some.length;
    if (!waited && keys >= all / 2) {
      waited = true;
      await inBetween?.();
    }
  }
  // The new owner first: else nobody would own the slot for a moment.
  for (const server of [to, from, ...cluster.servers.filter((one) => one !== to && one !== from)]) {
    await tell(server, 'SETSLOT', slot, 'NODE', toId);
  }
  return { keys };
}

function tell({ port }: RedisServer, ...words: (string | number)[]): Promise<unknown> {
  return askRedis(port, (client) => client.call('CLUSTER', ...words.map(String)));
}
