import type { ServiceSettings, Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import type { IssuingService } from '../issue/issuing-service.ts';
import { createMinter } from '../issue/mint.ts';
import type { HumanCheck } from '../issue/ports.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Policy } from '../policy/policy.ts';

/** What the issuing path is made of and explanations use as well. */
export function wireIssuing(
  settings: Settings,
  parts: { clock: Clock; ledger: Ledger; humanCheck: HumanCheck | null },
) {
  return {
    ...parts,
    services: new Map(settings.services.map((service) => [service.name, buildService(service, settings)])),
    policy: buildPolicy(settings),
  };
}

/** Token requests a minute of one person, where their class has a limit of its own. */
export function limitsByClass({ classes }: Settings): Record<string, number> {
  return Object.fromEntries(
    classes.flatMap(({ name, tokenRequestsPerMinute }) =>
      tokenRequestsPerMinute === null ? [] : [[name, tokenRequestsPerMinute]],
    ),
  );
}

function buildService(service: ServiceSettings, { token }: Settings): IssuingService {
  return {
    name: service.name,
    serviceSid: service.serviceSid,
    region: service.region,
    ttlSeconds: token.ttlSeconds,
    fallback: service.fallback,
    minter: createMinter({ ...service, service: service.name, ttlSeconds: token.ttlSeconds }),
  };
}

function buildPolicy({ intents, connect }: Settings): Policy {
  const { shadow, requireOrigin, crawlers, monthTurnQuietSeconds } = connect;
  return { intents, shadow, requireOrigin, crawlers, monthTurnQuietSeconds };
}
