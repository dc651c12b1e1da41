import { z } from 'zod';
import { httpUrl, oneOf, plainText, sha256Hex, variableName, wholeNumber } from './value-schemas.ts';

const claimName = plainText('the name of a claim', 128);

const claims = z
  .strictObject({
    person: claimName.optional().describe('Claim that names the person; default sub'),
    class: claimName.optional().describe('Claim that names the class'),
    tenant: claimName.optional().describe('Claim that names the tenant'),
    display: claimName.optional().describe('Claim with a name for humans'),
  })
  .describe('Names of claims; a dotted name reads a nested claim');

const timeoutMs = wholeNumber('a whole number of milliseconds from 100 to 30000', 100, 30_000);
const issuer = plainText('the issuer, exactly as it stands in its tokens', 512);

const introspection = z
  .strictObject({
    url: httpUrl('the introspection endpoint', { query: true }).optional(),
    clientId: plainText('a client id').optional(),
    clientSecretEnv: variableName.optional(),
  })
  .meta({ required: ['url', 'clientId', 'clientSecretEnv'] })
  .describe('RFC 7662, for opaque tokens');

const audience = z.union([plainText('an audience'), z.array(plainText('an audience'))], {
  error: 'an audience, or a list of them',
});

/** One issuer of app logins. */
export const issuerEntry = z
  .strictObject({
    issuer: httpUrl('the issuer, exactly as it stands in its tokens').optional(),
    audience: audience.optional().describe('Audience that tokens for this app carry'),
    jwksUrl: httpUrl('the JWKS of the issuer', { query: true })
      .optional()
      .describe('Default: OIDC discovery'),
    algorithms: z
      .array(oneOf(['RS256', 'PS256', 'ES256', 'EdDSA', 'HS256']))
      .optional()
      .describe('Default RS256, PS256, ES256, EdDSA; HS256 only alone and with secretEnv'),
    secretEnv: variableName.optional().describe('Variable that holds the shared secret, for HS256'),
    claims: claims.optional(),
    clockToleranceSeconds: wholeNumber('a whole number of seconds from 0 to 120', 0, 120).optional(),
    timeoutMs: timeoutMs.optional(),
    introspection: introspection.optional(),
  })
  .meta({ required: ['issuer', 'audience'] });

/** One trusted backend. */
export const backendEntry = z
  .strictObject({
    name: plainText('a name', 64).optional(),
    keySha256: sha256Hex('the SHA-256 of its API key, 64 lower-case hex digits').optional(),
    issuer: issuer.optional().describe('Issuer it speaks for: identities equal those of that issuer'),
    classes: z
      .array(plainText('a class name', 32))
      .optional()
      .describe('Classes it may give; the first is used'),
  })
  .meta({ required: ['name', 'keySha256', 'issuer'] });

/** The app's own session endpoint. */
export const sessionEntry = z
  .strictObject({
    url: httpUrl('the endpoint that answers who is signed in', { query: true }).optional(),
    cookieName: z
      .string({ error: 'the name of a cookie' })
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/, { error: 'the name of a cookie' })
      .optional(),
    issuer: issuer.optional().describe('Issuer that identities are derived under'),
    claims: claims.optional(),
    cacheSeconds: wholeNumber('a whole number of seconds from 0 to 300', 0, 300).optional(),
    timeoutMs: timeoutMs.optional(),
  })
  .meta({ required: ['url', 'cookieName', 'issuer'] })
  .describe("The app's own session: its cookie is forwarded there");

export type IssuerEntry = z.output<typeof issuerEntry>;
export type ClaimsEntry = z.output<typeof claims>;
