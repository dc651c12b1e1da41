import type { Caller } from '../domain/caller.ts';

/** Sample people of demo mode, each with a login token that is random per start. */
export interface DemoLogin {
  name: string;
  className: string;
  token: string;
}

const PEOPLE = [
  { name: 'ada', className: 'member' },
  { name: 'grace', className: 'member' },
  { name: 'linus', className: 'agent' },
] as const;

export const DEMO_ISSUER = 'demo';

/** @param randomToken makes an unguessable text */
export function createDemoLogins(randomToken: () => string): DemoLogin[] {
  return PEOPLE.map(({ name, className }) => ({ name, className, token: `demo-${name}-${randomToken()}` }));
}

/** A bearer source for the authenticator: the caller behind a demo login, undefined for any other token. */
export function createDemoBearerSource(logins: readonly DemoLogin[]): (token: string) => Caller | undefined {
  const callers = new Map(
    logins.map(({ name, className, token }): [string, Caller] => [
      token,
      Object.freeze({
        issuer: DEMO_ISSUER,
        subject: name,
        className,
        tenant: null,
        display: name,
        via: 'bearer' as const,
      }),
    ]),
  );
  return (token) => callers.get(token);
}
