import type { Clock } from '../domain/clock.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ExportFormat } from '../reports/export-formats.ts';
import { buildManifest, canonicalBytes, type Manifest } from '../reports/manifest.ts';
import { digestExports, type ExportDigest } from '../reports/manifest-digest.ts';
import type { ManifestKey } from '../reports/manifest-key.ts';
import { readClosedMonth } from './closed-month.ts';

export interface ManifestAsked {
  format: ExportFormat;
  /** True for the export as it is now, also of a closed month. */
  now: boolean;
}

/** Manifests of identity exports. */
export interface ManifestDesk {
  /** Of a closed month the frozen one, always the same bytes; of an open month, an unsigned one of this moment. */
  read(service: ServiceName, month: Month, asked: ManifestAsked): Promise<Manifest>;
}

export interface ManifestDeskParts {
  ledger: Ledger;
  clock: Clock;
  /** Version of the counting rules in force. */
  rulesVersion: string;
  key: ManifestKey | null;
}

export function createManifestDesk({ ledger, clock, rulesVersion, key }: ManifestDeskParts): ManifestDesk {
  // Everybody of a month is read for it, so those who ask at the same time share the answer.
  const flights = new Map<string, Promise<{ asOf: string; digests: Record<ExportFormat, ExportDigest> }>>();

  function digestNow(service: ServiceName, month: Month) {
    const name = `${service} ${month}`;
    const joined = flights.get(name);
    if (joined !== undefined) return joined;
    const asOf = new Date(clock.now()).toISOString();
    const flight = digestExports(ledger, service, month)
      .then((digests) => ({ asOf, digests }))
      .finally(() => flights.delete(name));
    flights.set(name, flight);
    return flight;
  }

  return {
    async read(service, month, { format, now }) {
      const closed = now ? null : await readClosedMonth(ledger, service, month);
      if (closed !== null) return signIfUnsigned(closed.manifests[format], key);
      const { asOf, digests } = await digestNow(service, month);
      return buildManifest({ service, month, rulesVersion, asOf }, format, digests[format], null);
    },
  };
}

/** A month that was closed before there was a key is signed by it all the same; the frozen figures stay. */
function signIfUnsigned(manifest: Manifest, key: ManifestKey | null): Manifest {
  if (manifest.signature !== null || key === null) return manifest;
  const { signature: _none, ...unsigned } = { ...manifest, kid: key.kid };
  return { ...unsigned, signature: key.sign(canonicalBytes(unsigned)) };
}
