import type { Identity } from '../domain/identity.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { BondLedger } from '../ledger/bonds.ts';
import type { LedgerSteering } from '../ledger/steering.ts';
import type { WriteTerms, Written } from './operator-write.ts';
import { writePlain } from './plain-write.ts';
import type { SteeringRefusal } from './refusals.ts';

/** Stopping and allowing single identities. */
export interface BlockDesk {
  /**
   * From the next request on, `blocked` identities get no new token; one handed out before is good until it ends.
   * An identity that nobody has seen yet may be blocked as well; `known` of the answer says so.
   */
  set(
    service: ServiceName,
    identity: Identity,
    blocked: boolean,
    terms: WriteTerms,
  ): Promise<Written | SteeringRefusal>;
}

export function createBlockDesk({
  ledger,
}: {
  ledger: LedgerSteering & Pick<BondLedger, 'identityFile'>;
}): BlockDesk {
  return {
    set: (service, identity, blocked, terms) =>
      writePlain(ledger, service, terms, async () => {
        const before = await ledger.identityFile(service, identity);
        const known = before.months.length > 0 || before.servedAs !== null || before.servedFor !== null;
        return {
          change: { kind: 'block', identity, blocked },
          action: blocked ? 'identity.block' : 'identity.unblock',
          target: identity,
          before: { blocked: before.blocked },
          after: { blocked },
          written: { status: 200, body: { service, identity, blocked, known } },
        };
      }),
  };
}
