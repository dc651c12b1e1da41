import type { Check } from './check.ts';
import { judgePrices, judgeRules } from './checks/data-age.ts';
import { judgeJournal } from './checks/journal.ts';
import { judgeSampleToken, judgeTokenLife } from './checks/tokens.ts';
import { nameOf } from './name-of.ts';
import type { GatewayParts } from './parts.ts';

/** What needs neither network nor ledger. */
export function listLocalChecks(gateway: GatewayParts): Check[] {
  const { services, reckoning, journal, now } = gateway;
  const local = { about: null, reach: 'local' } as const;
  return [
    ...services.map(
      (service): Check => ({
        ...{ id: 'token', name: 'Token self-test', about: nameOf(service, services), reach: 'local' },
        look: async () => judgeSampleToken(await gateway.sampleToken(service.name)),
      }),
    ),
    {
      ...{ id: 'token-life', name: 'Token life', ...local },
      look: async () => judgeTokenLife(gateway.ttlSeconds),
    },
    {
      ...{ id: 'journal', name: 'Journal', ...local },
      look: async () => judgeJournal(await journal.place(), journal.bytesMax, gateway.redis !== null),
    },
    {
      ...{ id: 'prices', name: 'Price table', ...local },
      look: async () => judgePrices(reckoning.prices, now()),
    },
    {
      ...{ id: 'rules', name: 'Counting rules', ...local },
      look: async () => judgeRules(reckoning.rules, now()),
    },
  ];
}
