import { type Identity, parseIdentity } from '../../domain/identity.ts';
import { type Month, parseMonth } from '../../domain/month.ts';
import { parseServiceName, type ServiceName } from '../../domain/service-name.ts';
import type { ReplayedMint } from '../replay.ts';
import type { MintEntry } from './ports.ts';

export function formatMintEntry(service: ServiceName, mint: ReplayedMint): string {
  const { identity, own, className, tenant, intent, rule, firstSeen, issuedAt, expiresAt, otherMonth } = mint;
  return JSON.stringify({
    ...{ kind: 'mint', service, journal: mint.journal?.id, number: mint.journal?.number },
    row: [identity, own, className, tenant, intent, rule, firstSeen, issuedAt, expiresAt, otherMonth],
  });
}

/** The entry, or null for a value that is none. */
export function parseMintEntry(value: Record<string, unknown>): MintEntry | null {
  const { service, journal, number, row } = value;
  const name = typeof service === 'string' ? parseServiceName(service) : null;
  if (name === null || typeof journal !== 'string' || !isWhole(number) || !Array.isArray(row)) return null;
  const [identity, own, className, tenant, intent, rule, firstSeen, issuedAt, expiresAt, other] =
    row as unknown[];
  const [effective, before] = [identityIn(identity), identityIn(own)];
  if (effective === null || before === null) return null;
  if (typeof className !== 'string' || typeof intent !== 'string' || typeof rule !== 'string') return null;
  if (tenant !== null && typeof tenant !== 'string') return null;
  if (!isWhole(firstSeen) || !isWhole(issuedAt) || !isWhole(expiresAt)) return null;
  const otherMonth: Month | null = typeof other === 'string' ? parseMonth(other) : null;
  if (other !== null && otherMonth === null) return null;
  const mint: ReplayedMint = {
    ...{ identity: effective, own: before, className, tenant, intent, rule },
    ...{ firstSeen, issuedAt, expiresAt, otherMonth },
    journal: { id: journal, number },
  };
  return { kind: 'mint', service: name, mint };
}

function identityIn(value: unknown): Identity | null {
  return typeof value === 'string' ? parseIdentity(value) : null;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
