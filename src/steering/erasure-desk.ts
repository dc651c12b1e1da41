import { randomBytes } from 'node:crypto';
import type { Caller } from '../domain/caller.ts';
import type { Identity } from '../domain/identity.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { BondLedger, IdentityFile, Merge } from '../ledger/bonds.ts';
import type { LedgerSteering } from '../ledger/steering.ts';
import type { ResolveIdentity } from './import-person.ts';
import type { WriteTerms, Written } from './operator-write.ts';
import { writePlain } from './plain-write.ts';
import { type SteeringRefusal, steeringRefusals } from './refusals.ts';

/** A person as their authority names them. */
export interface Erasable {
  issuer: string;
  subject: string;
  /** An identity that must be among theirs, or nothing is erased; null: whichever they have. */
  expecting: Identity | null;
}

/** What was erased. */
export interface ErasureReport {
  service: ServiceName;
  /** Identities that have a pseudonym now. */
  erased: number;
  /** In which they were counted, and still are, of those whose people are in the ledger; newest first. */
  months: Month[];
  /** Whether there is an archive, which forgets whatever it has of the person. */
  archiveForgets: boolean;
}

/** Forgetting a person. */
export interface ErasureDesk {
  /**
   * Puts random pseudonyms in the place of every identity that the person has, with those of guests whom they are known
   * to have been, in all kept months and in what the mint log shows, and drops links and blocks. Counts stay. The ledger
   * holds no issuer and no subject to begin with: an identity is all it knows of a person. Someone whom it does not know
   * is answered with zero; where there is an archive, it is told to forget them all the same.
   */
  erase(service: ServiceName, person: Erasable, terms: WriteTerms): Promise<Written | SteeringRefusal>;
}

export interface ErasureDeskParts {
  ledger: LedgerSteering & Pick<BondLedger, 'linksOf' | 'merges' | 'identityFile'>;
  resolveIdentity: ResolveIdentity;
  /** Classes whose people have an identity of their own: the person may have come as any of them. */
  classes: readonly string[];
  /** First part of guests' identities; null where guests never were. */
  guestPrefix: string | null;
  /** Whether there is an archive, which may know people of whom the ledger has nothing. */
  hasArchive(service: ServiceName): Promise<boolean>;
}

export function createErasureDesk(parts: ErasureDeskParts): ErasureDesk {
  const { ledger, guestPrefix } = parts;

  return {
    erase: (service, person, terms) =>
      writePlain(ledger, service, terms, async () => {
        const own = ownIdentities(person, parts);
        if (own.length === 0) {
          const detail = 'Names a person that cannot have an identity.';
          return steeringRefusals.invalid('There is no such person.', [{ pointer: '/subject', detail }]);
        }
        const { identities, pairs } = await findPerson(ledger, service, own);
        if (person.expecting !== null && !identities.includes(person.expecting)) {
          const detail = 'Is not the person behind this identity.';
          return steeringRefusals.invalid('This is somebody else.', [{ pointer: '/subject', detail }]);
        }
        const found = await findKnown(ledger, service, identities, pairs);
        const months = new Set(found.flatMap(({ file }) => file.months.map(({ month }) => month)));
        const report: ErasureReport = {
          service,
          erased: found.length,
          months: [...months].sort().reverse(),
          archiveForgets: await parts.hasArchive(service),
        };
        const known = new Set(found.map(({ identity }) => identity));
        const unknown = report.archiveForgets ? identities.filter((identity) => !known.has(identity)) : [];
        const { service: _, ...after } = report;
        return {
          change: {
            kind: 'erase',
            erasures: found.map(({ identity, file }) => ({
              identity,
              pseudonym: makePseudonym(),
              staysVoid: file.servedFor !== null && guestPrefix !== null && identity.startsWith(guestPrefix),
            })),
            archived: unknown.map((identity) => ({ identity, pseudonym: makePseudonym() })),
          },
          action: 'person.erase',
          // Neither identity nor pseudonym: an entry that held one would undo the erasure.
          target: 'a person',
          before: null,
          after,
          written: { status: 200, body: report },
        };
      }),
  };
}

function ownIdentities(
  { issuer, subject }: Erasable,
  { classes, resolveIdentity }: ErasureDeskParts,
): Identity[] {
  const identities = classes.flatMap((className) => {
    const caller: Caller = { issuer, subject, className, tenant: null, display: null, via: 'bearer' };
    const resolved = resolveIdentity(caller);
    return resolved.outcome === 'resolved' ? [resolved.identity] : [];
  });
  return [...new Set(identities)];
}

/** Own identities, those that they are served as, and guests whom the ledger knows to be the same person. */
async function findPerson(
  ledger: ErasureDeskParts['ledger'],
  service: ServiceName,
  own: readonly Identity[],
): Promise<{ identities: Identity[]; pairs: Merge[] }> {
  const linked = (await ledger.linksOf(service, own)).filter((identity) => identity !== null);
  const members = new Set([...own, ...linked]);
  const pairs = (await ledger.merges(service)).filter(({ member }) => members.has(member));
  return { identities: [...new Set([...members, ...pairs.map(({ guest }) => guest)])], pairs };
}

/** Those that the ledger has anything about, if only that they are one person. */
async function findKnown(
  ledger: ErasureDeskParts['ledger'],
  service: ServiceName,
  identities: readonly Identity[],
  pairs: readonly Merge[],
): Promise<{ identity: Identity; file: IdentityFile }[]> {
  const paired = new Set(pairs.flatMap(({ guest, member }) => [guest, member]));
  const files = await Promise.all(
    identities.map(async (identity) => ({ identity, file: await ledger.identityFile(service, identity) })),
  );
  return files.filter(
    ({ identity, file: { months, servedAs, servedFor, blocked } }) =>
      months.length > 0 || servedAs !== null || servedFor !== null || blocked || paired.has(identity),
  );
}

/** 132 random bits: says nothing and meets nobody. */
function makePseudonym(): Identity {
  return `erased_${randomBytes(17).toString('base64url').slice(0, 22)}` as Identity;
}
