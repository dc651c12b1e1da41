import { GatewayError } from '../../src/domain/gateway-error.ts';
import type { LedgerCase } from '../ledger/contract/ledger-case.ts';
import { MintLoad } from './mint-load.ts';

export const LOAD_MONTH = '2026-11';
const AT = '2026-11-20T09:00:00Z';

/** Mints by one ledger, as a gateway would make them. */
export function loadLedger(c: LedgerCase): MintLoad {
  return new MintLoad(async (person) => {
    try {
      return (await c.admit(person, AT)).outcome;
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'ledger-unavailable') return 'unavailable';
      throw error;
    }
  });
}
