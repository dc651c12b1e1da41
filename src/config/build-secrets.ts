import { hkdfSync } from 'node:crypto';
import type { ConfigParts } from './config-parts.ts';
import type { Offer } from './findings.ts';
import type { IdentitySettings, Settings } from './settings.ts';

/** How identities are made. The secret comes from the environment or, in demo mode, from `demoSecret`. */
export function buildIdentity(
  { environment, file, findings }: ConfigParts,
  demoSecret: Offer<string> | undefined,
): IdentitySettings {
  const { identity } = file.data;
  if (!environment.isSet('IDENTITY_SECRET') && !demoSecret) {
    findings.fault({
      where: 'IDENTITY_SECRET',
      expected: 'a secret that never changes, of at least 32 bytes',
      found: 'nothing',
      hint: 'make one with: openssl rand -base64 48',
    });
  }
  return {
    strategy: findings.prefer(
      'identity.strategy',
      [file.offer(['identity', 'strategy'], identity?.strategy)],
      'opaque',
    ),
    secret: findings.prefer('identity.secret', [environment.get('IDENTITY_SECRET'), demoSecret], ''),
    foldCase: findings.prefer(
      'identity.foldCase',
      [file.offer(['identity', 'foldCase'], identity?.foldCase)],
      false,
    ),
  };
}

/** What signs cookies. Without a secret of its own it is derived, so that every gateway derives the same. */
export function buildCookieSecrets(
  { environment, findings }: ConfigParts,
  identitySecret: string,
): Settings['cookieSecrets'] {
  const current = environment.get('COOKIE_SECRET');
  const previous = environment.get('COOKIE_PREVIOUS_SECRET');
  if (current && previous && current.value === previous.value) {
    findings.fault({
      where: previous.where,
      expected: 'another secret than COOKIE_SECRET',
      found: 'the same one',
    });
  }
  if (!current) findings.from('cookieSecrets.current', 'derived from IDENTITY_SECRET');
  return {
    current: findings.prefer('cookieSecrets.current', [current], deriveCookieSecret(identitySecret)),
    previous: findings.prefer<string | null>('cookieSecrets.previous', [previous], null),
  };
}

/** HKDF-SHA256 (RFC 5869), so that a leaked cookie secret says nothing of the identity secret. */
function deriveCookieSecret(identitySecret: string): string {
  return Buffer.from(hkdfSync('sha256', identitySecret, '', 'mau-guard cookie secret 1', 32)).toString(
    'base64url',
  );
}
