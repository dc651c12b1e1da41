import type { Identity } from '../domain/identity.ts';
import { instantOf } from '../domain/instant.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { EvidenceSource, Signal } from '../domain/signal.ts';
import type { BondLedger } from '../ledger/bonds.ts';
import type { IdentityRecord } from '../ledger/records.ts';
import { buildIdentityRow, type IdentityRow } from './identity-rows.ts';

/** Everything about an identity as the operator API gives it. Instants are ISO-8601. */
export interface IdentityPage {
  identity: Identity;
  service: ServiceName;
  blocked: boolean;
  links: {
    /** What the person of this name is served as, or null. */
    servedAs: Identity | null;
    /** The person who is served as this identity, by their own, or null. */
    servedFor: Identity | null;
  };
  /** Newest first. */
  months: (Omit<IdentityRow, 'identity' | 'signals'> & {
    month: Month;
    tenant: string | null;
    signals: { signal: Signal; firstAt: string; source: EvidenceSource }[];
  })[];
}

/** The page of an identity; null when nothing at all is known of it. */
export async function readIdentityPage(
  ledger: Pick<BondLedger, 'identityFile'>,
  service: ServiceName,
  identity: Identity,
): Promise<IdentityPage | null> {
  const { months, servedAs, servedFor, blocked } = await ledger.identityFile(service, identity);
  if (months.length === 0 && servedAs === null && servedFor === null && !blocked) return null;
  return {
    identity,
    service,
    blocked,
    links: { servedAs, servedFor },
    months: months.map(({ month, record }) => buildMonth(month, record)),
  };
}

function buildMonth(month: Month, record: IdentityRecord): IdentityPage['months'][number] {
  const { identity: _identity, signals: _signals, ...row } = buildIdentityRow(record);
  return {
    month,
    ...row,
    tenant: record.tenant,
    signals: record.signals.map(({ signal, firstAt, source }) => ({
      signal,
      firstAt: instantOf(firstAt),
      source,
    })),
  };
}
