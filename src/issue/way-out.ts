import type { Refusal } from '../domain/refusal.ts';
import { allowedIntents, type Permission, type Policy } from '../policy/policy.ts';
import type { IssuingService } from './issuing-service.ts';

const WHEN_VISIBLE = "A hidden tab is nobody's first of a month. Ask again when it is seen.";

/** Adds to a refusal of the ledger what only the configuration knows: what would have been served instead. */
export function addWayOut(
  refusal: Refusal,
  { when }: Permission,
  policy: Policy,
  { fallback }: IssuingService,
): Refusal {
  if (refusal.code === 'lazy-connect-required') {
    const wayOut = { ...refusal, allowedIntents: allowedIntents(policy) };
    return when === undefined ? wayOut : { ...wayOut, detail: WHEN_VISIBLE, when };
  }
  if (refusal.code === 'mau-budget-exhausted' && fallback !== null) return { ...refusal, fallback };
  return refusal;
}
