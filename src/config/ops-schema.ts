import { z } from 'zod';
import { plainText } from './value-schemas.ts';

const claim = plainText('the name of a claim', 128);
const values = z.array(plainText('a value of the claim', 256)).optional();

/** How operators sign in to the dashboard. */
export const opsSection = z.strictObject({
  oidc: z
    .strictObject({
      nameClaim: claim.optional().describe('Names the operator in the audit log; default email, else sub'),
      roleClaim: claim
        .optional()
        .describe('A text, or a list of texts; dots enter nested claims; default groups'),
      roles: z
        .strictObject({ viewer: values, finance: values, admin: values })
        .optional()
        .describe('Values of that claim by the role they give; the highest one found is taken'),
      scopes: z
        .array(plainText('a scope', 128))
        .min(1)
        .optional()
        .describe('What the issuer is asked for; default openid and email'),
    })
    .optional()
    .describe('Sign-in at OPS_OIDC_ISSUER'),
});
