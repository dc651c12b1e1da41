import type { Check } from './check.ts';
import { judgeFaults, judgeNotices } from './checks/configuration.ts';
import { judgeNodeVersion } from './checks/runtime.ts';
import { listLedgerChecks } from './list-ledger-checks.ts';
import { listLocalChecks } from './list-local-checks.ts';
import { listOutsideChecks } from './list-outside-checks.ts';
import { listRedisChecks } from './list-redis-checks.ts';
import { listTwilioChecks } from './list-twilio-checks.ts';
import type { DoctorParts } from './parts.ts';

/** Every check that this configuration allows, in the order in which they are shown. */
export function listChecks({ node, config, gateway }: DoctorParts): Check[] {
  const basics: Check[] = [
    {
      ...{ id: 'node', name: 'Node.js', about: null, reach: 'local' },
      look: async () => judgeNodeVersion(node.version, node.engines),
    },
    {
      ...{ id: 'config', name: 'Configuration', about: null, reach: 'local' },
      look: async () => judgeFaults(config.faults, config.demo),
    },
  ];
  if (gateway === null) return basics;
  return [
    ...basics,
    {
      ...{ id: 'config-notes', name: 'Configuration notes', about: null, reach: 'local' },
      look: async () => judgeNotices(config.notices),
    },
    ...listLocalChecks(gateway),
    ...listRedisChecks(gateway),
    ...listLedgerChecks(gateway),
    ...listTwilioChecks(gateway),
    ...listOutsideChecks(gateway),
  ];
}
