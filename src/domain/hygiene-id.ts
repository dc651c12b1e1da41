/** What can be wrong with the wiring by the ledger alone. The order is that in which findings are shown. */
export const HYGIENE_IDS = [
  'no-connects',
  'no-beacons',
  'no-webhooks',
  'tokens-from-elsewhere',
  'rest-only',
  'backfill-gap',
  'addresses-in-budget',
] as const;

export type HygieneId = (typeof HYGIENE_IDS)[number];
