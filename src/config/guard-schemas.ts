import { z } from 'zod';
import { className } from './budget-schema.ts';
import { httpUrl, oneOf, patternText, plainText, variableName, wholeNumber } from './value-schemas.ts';

const scalar = z.union([plainText('a text', 256), z.number(), z.boolean()], {
  error: 'a text, a number, true or false',
});

const classRule = z
  .strictObject({
    claim: plainText('the name of a claim', 128).optional(),
    equals: scalar.optional(),
    in: z.array(scalar).min(1).optional(),
    contains: scalar.optional().describe('Entry of a list, or word of a text such as scope'),
    exists: z.literal(true, { error: 'true' }).optional(),
    endsWith: plainText('an ending', 256).optional().describe('Such as "@example.com"; case does not matter'),
  })
  .meta({ required: ['claim'] });

/** One class of people. */
export const classEntry = z
  .strictObject({
    name: className.optional(),
    prefix: patternText(
      'a prefix of lower-case letters and digits with a final underscore, such as m_',
      /^[a-z][a-z0-9]{0,14}_$/,
    ).optional(),
    when: z
      .union([classRule, z.array(classRule).min(1)], {
        error: 'a rule such as { claim: role, equals: agent }, or a list of rules that must all hold',
      })
      .optional()
      .describe('Who is of this class by their claims; the first class that fits is taken'),
    pool: wholeNumber('a whole number of identities, 1 to 1000', 1, 1000)
      .optional()
      .describe('All callers of the class share so many fixed identities; for tests and CI'),
    tokenRequestsPerMinute: wholeNumber('a whole number from 1 to 6000', 1, 6000)
      .optional()
      .describe('Default: that of limits'),
    priority: wholeNumber('a whole number from 0 to 100', 0, 100)
      .optional()
      .describe('Newcomers may take places that are kept for a class of lower priority; default 0'),
  })
  .meta({ required: ['name', 'prefix'] });

/** Who never connects, whatever the intent. */
export const connectSection = z.strictObject({
  shadow: z
    .array(plainText('the name of a policy rule', 64))
    .optional()
    .describe('Policy rules that decide and are counted, but do not act'),
  requireOrigin: z.boolean().optional().describe('Only serve requests with a known Origin; default false'),
  crawlers: z.boolean().optional().describe('Known crawlers never connect; default true'),
  monthTurnQuietSeconds: wholeNumber('a whole number of seconds from 0 to 86400', 0, 86_400)
    .optional()
    .describe("So close to a month's turn hidden tabs get nothing; default 900"),
  lookUp: z
    .boolean()
    .optional()
    .describe('Ask Twilio for unread messages when the ledger knows no reason to connect; default false'),
});

/** Unread messages of people who are not connected. */
export const unreadSection = z.strictObject({
  fill: oneOf(['off', 'on'])
    .optional()
    .describe('Ask Twilio for unread messages of people of whom no event has told; default off'),
});

/** What is there for older clients only. */
export const compatibilitySection = z.strictObject({
  tokenEndpoint: oneOf(['off', 'login', 'password'])
    .optional()
    .describe(
      'GET and POST /token, the raw token as text; login: with the credentials of /v1/tokens; password: also with a login token as password; default off',
    ),
});

const timeoutMs = wholeNumber('a whole number of milliseconds from 100 to 30000', 100, 30_000);

const humanCheck = z
  .strictObject({
    verifyUrl: httpUrl('where the provider verifies answers').optional(),
    secretEnv: variableName.optional().describe('Variable that holds the secret; also read as NAME_FILE'),
    siteKey: plainText('the site key, in quotes', 256).optional(),
    provider: patternText('a label such as turnstile or hcaptcha', /^[a-z][a-z0-9-]{0,31}$/).optional(),
    timeoutMs: timeoutMs.optional(),
  })
  .meta({ required: ['verifyUrl', 'secretEnv', 'siteKey', 'provider'] })
  .describe("Asked before a guest's first token");

/** People without a login. */
export const guestsSection = z
  .strictObject({
    policy: oneOf(['deny', 'per-browser']).optional(),
    class: className.optional().describe('Default guest'),
    adoption: oneOf(['on-request', 'automatic'])
      .optional()
      .describe(
        'Whether a member takes over the guest of their browser by POST /v1/links only; default on-request',
      ),
    newPerHour: wholeNumber('a whole number from 1 to 100000', 1, 100_000)
      .optional()
      .describe('New guests an hour and address block; default 30'),
    humanCheck: humanCheck.optional(),
  })
  .meta({ required: ['policy'] })
  .describe('People without a login');

const alertTarget = z
  .strictObject({
    name: patternText(
      'a name of lower-case letters, digits and dashes, a letter first, at most 32',
      /^[a-z][a-z0-9-]{0,31}$/,
    ).optional(),
    kind: oneOf(['slack', 'webhook']).optional(),
    url: httpUrl('the address of the webhook', { query: true }).optional(),
    urlEnv: variableName.optional().describe('Variable that holds the URL; also read as NAME_FILE'),
    secretEnv: variableName
      .optional()
      .describe('Variable that holds the whsec_ secret of a webhook; also read as NAME_FILE'),
    timeoutMs: timeoutMs.optional().describe('Default 5000'),
    maxAttempts: wholeNumber('a whole number of attempts, 1 to 50', 1, 50).optional().describe('Default 36'),
  })
  .meta({ required: ['name', 'kind'] });

/** Who is told when a threshold is reached. */
export const alertsSection = z
  .strictObject({
    pollSeconds: wholeNumber('a whole number of seconds from 1 to 3600', 1, 3600)
      .optional()
      .describe('How often undelivered alerts are looked for; default 5'),
    targets: z.array(alertTarget).max(20).optional(),
  })
  .describe('Who is told when a threshold is reached');

export type ClassEntry = z.output<typeof classEntry>;
export type ClassRuleEntry = z.output<typeof classRule>;
export type AlertTargetEntry = z.output<typeof alertTarget>;
