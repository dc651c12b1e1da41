import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import { plantSecrets } from '../support/planted-secrets.ts';

/** What the gateways of these tests sign with. The secrets must never be seen again outside of them. */
export const SIGNING = {
  accountSid: `AC${'1'.repeat(32)}`,
  keySid: `SK${'2'.repeat(32)}`,
  keySecret: 'signing-secret-that-nobody-may-see',
  serviceSid: `IS${'3'.repeat(32)}`,
};

export const IDENTITY_SECRET = 'identity-secret-that-nobody-may-see-0001';
export const OPS_KEY = 'ops-key-that-nobody-may-see';
export const VIEWER_KEY = 'viewer-key-that-nobody-may-see';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The environment of a real gateway but for its issuer and its ledger. */
export function configuredEnv(env: Record<string, string> = {}): Record<string, string> {
  plantSecrets({ OPS_KEY, VIEWER_KEY });
  return {
    TWILIO_ACCOUNT_SID: SIGNING.accountSid,
    TWILIO_API_KEY_SID: SIGNING.keySid,
    TWILIO_API_KEY_SECRET: SIGNING.keySecret,
    TWILIO_CONVERSATIONS_SERVICE_SID: SIGNING.serviceSid,
    IDENTITY_SECRET,
    OPS_API_KEYS: `ops:admin:${sha256(OPS_KEY)},viewer:viewer:${sha256(VIEWER_KEY)}`,
    ...env,
  };
}

/** For tests that fail to authenticate, or ask, more often than a person or a network may. */
export const NO_LIMITS = `
limits:
  tokenRequestsPerMinute: 6000
  failedAuthenticationsPerMinute: 6000
`;

/** The shared-secret issuer of tests that need many people quickly. */
export const SHARED = {
  issuer: 'https://legacy.example.com',
  audience: 'chat',
  secret: 'shared-secret-of-the-legacy-issuer-that-nobody-may-see',
  variable: 'LEGACY_JWT_SECRET',
};

/**
 * Config file with that issuer.
 *
 * @param deadlineMs of a call of the ledger
 * @param ledger further lines about the ledger
 */
export function sharedIssuerFile(deadlineMs: number, ledger: readonly string[] = []): string {
  return `
issuers:
  - issuer: ${SHARED.issuer}
    audience: ${SHARED.audience}
    algorithms: [HS256]
    secretEnv: ${SHARED.variable}
ledger:
  ${[`deadlineMs: ${deadlineMs}`, ...ledger].join('\n  ')}
${NO_LIMITS}
`;
}

/** With a generous deadline, because test machines are busy. */
export const SHARED_ISSUER_FILE = sharedIssuerFile(10_000);

/** The login of a person at that issuer, good for a quarter of an hour. */
export function signShared(subject: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ sub: subject })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(SHARED.issuer)
    .setAudience(SHARED.audience)
    .setIssuedAt(now)
    .setExpirationTime(now + 900)
    .sign(Buffer.from(SHARED.secret));
}
