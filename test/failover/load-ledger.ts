import { GatewayError } from '../../src/domain/gateway-error.ts';
import type { LedgerCase } from '../ledger/contract/ledger-case.ts';
import { MintLoad } from './mint-load.ts';

export const LOAD_MONTH = '2026-11';
const AT = '2026-11-20T09:00:00Z';

/**
 * Mints by one ledger, as a gateway would make them.
 *
 * @param connected takes whoever got a token and was seen connected after that, once this is acknowledged; without it nobody
 *   is seen
 */
export function loadLedger(c: LedgerCase, connected?: Set<string>): MintLoad {
  async function see(person: string): Promise<void> {
    if (connected === undefined || connected.has(person)) return;
    await c.see(person, 'connected', AT);
    connected.add(person);
  }

  return new MintLoad(async (person) => {
    try {
      const { outcome } = await c.admit(person, AT);
      if (outcome !== 'refused') await see(person).catch(onlyWhenUnavailable);
      return outcome;
    } catch (error) {
      return onlyWhenUnavailable(error);
    }
  });
}

function onlyWhenUnavailable(error: unknown): 'unavailable' {
  if (error instanceof GatewayError && error.code === 'ledger-unavailable') return 'unavailable';
  throw error;
}
