import type { ClaimsEntry } from './caller-schemas.ts';
import type { ClaimMapping } from './caller-settings.ts';

/** Which claims are read. Only the person's has a default. */
export function buildClaims(entry: ClaimsEntry | undefined): ClaimMapping {
  return {
    person: entry?.person ?? 'sub',
    class: entry?.class ?? null,
    tenant: entry?.tenant ?? null,
    display: entry?.display ?? null,
  };
}
