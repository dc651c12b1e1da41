import { createArchiveBook } from '../archive/archive-book.ts';
import { createArchiveCheck } from '../archive/archive-check.ts';
import type { Settings } from '../config/settings.ts';
import { DEMO_ISSUER } from '../demo/demo-people.ts';
import type { Clock } from '../domain/clock.ts';
import { createIdentityResolver } from '../issue/resolve-identity.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ErasureDeskParts } from '../steering/erasure-desk.ts';
import type { PeopleOfLists } from '../steering/import-person.ts';
import { buildIdentityOptions } from './identity-options.ts';

type Resolved = { resolveIdentity: ReturnType<typeof createIdentityResolver> };

/** Whom operators can speak of, and which identity is theirs. */
export function buildPeopleOfLists(
  settings: Settings,
  ledger: Ledger,
  clock: Clock,
): PeopleOfLists & Resolved & Pick<ErasureDeskParts, 'guestPrefix' | 'hasArchive'> {
  const { classes, guests, retention } = settings;
  const book = createArchiveBook(ledger, 'erasures', clock.now);
  return {
    // One of its own, remembering nothing: an import must not push the callers of tokens out of their cache.
    resolveIdentity: createIdentityResolver({ ...buildIdentityOptions(settings), rememberedMax: 1 }),
    issuers: issuersOf(settings),
    classes: classes.filter(({ identity: { kind } }) => kind === 'own').map(({ name }) => name),
    guestPrefix: classes.find(({ name }) => name === guests.className)?.prefix ?? null,
    hasArchive: createArchiveCheck(book, retention.archive !== null),
  };
}

/** Every authority whose people can get a token. */
function issuersOf({ demo, issuers, backends, session }: Settings): string[] {
  const names = [
    ...issuers.map(({ issuer }) => issuer),
    ...backends.map(({ issuer }) => issuer),
    ...(session === null ? [] : [session.issuer]),
    ...(demo ? [DEMO_ISSUER] : []),
  ];
  return [...new Set(names)];
}
