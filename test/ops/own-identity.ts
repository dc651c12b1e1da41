import { resolveIdentity } from './operator-app.ts';

export const ISSUER = 'https://login.example';

/** The own identity of somebody in the tests of operator routes. */
export function ownIdentity(subject: string, className = 'member', issuer = ISSUER): string {
  const caller = { issuer, subject, className, tenant: null, display: null, via: 'bearer' as const };
  const person = resolveIdentity(caller);
  if (person.outcome === 'refused') throw new Error(`"${subject}" can have no identity`);
  return person.identity;
}
