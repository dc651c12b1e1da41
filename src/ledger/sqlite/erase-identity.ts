import type { Erasure } from '../steering.ts';
import type { Books } from './books.ts';
import { whoIs } from './person.ts';

/**
 * Puts a pseudonym in the place of an identity wherever it stands, and drops its links, its block and what it has read.
 * Counts stay. Reads the
 * whole mint log, at some million rows a second.
 */
export function eraseIdentity(
  { statements }: Books,
  service: number,
  { identity, pseudonym, staysVoid }: Erasure,
): void {
  const [before, after] = [whoIs(identity), whoIs(pseudonym)];
  for (const [month] of statements.all<[number]>('read-months', [service])) {
    const keys = [before.bucket, before.identity, after.bucket, after.identity];
    statements.run('rename-person', [service, month, ...keys]);
    statements.run('rename-in-mints', [service, month, identity, pseudonym]);
  }
  statements.run('rename-merged', [service, identity, pseudonym]);
  statements.run('remove-links', [service, identity]);
  statements.run('remove-adoption', [service, identity]);
  if (staysVoid) statements.run('add-adoption', [service, identity, pseudonym]);
  statements.run('remove-block', [service, identity]);
  statements.run('remove-memberships', [service, identity]);
  statements.run('remove-crowded', [service, identity]);
}
