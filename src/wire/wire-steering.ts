import { createReadClaims } from '../auth/read-claims.ts';
import type { Settings } from '../config/settings.ts';
import { DEMO_ISSUER } from '../demo/demo-people.ts';
import type { OperatorGate } from '../http/operators.ts';
import { createSteeringRoutes } from '../http/routes/steering.ts';
import { createExplainToken, type ExplainTokenParts } from '../issue/explain-token.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { buildPeopleOfLists } from './people-of-lists.ts';

export interface WireSteeringOptions {
  settings: Settings;
  ledger: Ledger;
  gate: OperatorGate;
  /** What the issuing path is made of: an explanation goes the same way. */
  issuing: Pick<ExplainTokenParts, 'clock' | 'services' | 'policy' | 'humanCheck'>;
}

/** Everything that operators steer with. */
export function wireSteering({ settings, ledger, gate, issuing }: WireSteeringOptions) {
  const { services, classes, identity, connect, guests } = settings;
  const people = buildPeopleOfLists(settings, ledger, issuing.clock);
  const { resolveIdentity } = people;
  return createSteeringRoutes({
    ledger,
    gate,
    clock: issuing.clock,
    reckoning: settings.reckoning,
    policy: issuing.policy,
    explainToken: createExplainToken({
      ...issuing,
      ledger,
      resolveIdentity,
      readClaims: createReadClaims({
        ...settings,
        issuers: settings.demo ? [...settings.issuers, DEMO_CLAIMS] : settings.issuers,
        guestClass: guests.policy === 'deny' ? null : guests.className,
      }),
      lookUp: connect.lookUp,
    }),
    services: services.map(({ name }) => name),
    ranks: { priorities: Object.fromEntries(classes.map(({ name, priority }) => [name, priority])) },
    prefixes: identity.strategy === 'claim' ? [] : classes.map(({ prefix }) => prefix),
    people,
  });
}

/** How the sample people of demo mode would be named by claims. */
const DEMO_CLAIMS = {
  issuer: DEMO_ISSUER,
  claims: { person: 'sub', class: 'class', tenant: 'tenant', display: null },
};
