import type { Check } from './check.ts';
import { judgeSkew } from './checks/clocks.ts';
import {
  explainRedisFailure,
  judgeEviction,
  judgeLatency,
  judgeMode,
  judgePersistence,
  judgeRedisVersion,
  judgeScripts,
  type RedisUse,
} from './checks/redis.ts';
import type { Finding } from './finding.ts';
import { given } from './given.ts';
import type { GatewayParts } from './parts.ts';
import type { RedisNode } from './ports.ts';

type Judge = (nodes: readonly RedisNode[], use: RedisUse) => Finding;

/** In the order in which they are shown, under the one that says whether Redis answers at all. */
const JUDGES: readonly [id: string, name: string, judge: Judge][] = [
  ['redis-mode', 'Redis mode', judgeMode],
  ['redis-eviction', 'Redis eviction', judgeEviction],
  ['redis-persistence', 'Redis persistence', judgePersistence],
  ['redis-scripts', 'Redis scripts', judgeScripts],
  ['redis-latency', 'Redis latency', judgeLatency],
  ['redis-clock', 'Redis clock', judgeWorstSkew],
];

/** One reading of Redis, looked at from several sides; nothing where the ledger is embedded. */
export function listRedisChecks({ redis }: GatewayParts): Check[] {
  if (redis === null) return [];
  const { nodes, use } = redis;
  const common = { about: null, reach: 'outside' } as const;
  return [
    {
      ...{ id: 'redis', name: 'Redis', ...common },
      look: async () => {
        try {
          return judgeRedisVersion(await nodes());
        } catch (thrown) {
          return explainRedisFailure(thrown);
        }
      },
    },
    ...JUDGES.map(
      ([id, name, judge]): Check => ({
        ...{ id, name, ...common },
        look: given(nodes, 'Redis does not answer', (read) => judge(read, use)),
      }),
    ),
  ];
}

function judgeWorstSkew(nodes: readonly RedisNode[]): Finding {
  const skews = nodes.map(({ skewMs }) => skewMs).sort((one, other) => Math.abs(other) - Math.abs(one));
  return judgeSkew(skews[0] ?? 0, "Redis's");
}
