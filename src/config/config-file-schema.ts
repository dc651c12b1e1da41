import { z } from 'zod';
import { budgetEntry, className } from './budget-schema.ts';
import { backendEntry, issuerEntry, sessionEntry } from './caller-schemas.ts';
import {
  alertsSection,
  classEntry,
  compatibilitySection,
  connectSection,
  guestsSection,
  unreadSection,
} from './guard-schemas.ts';
import { opsSection } from './ops-schema.ts';
import { retentionSection } from './retention-schema.ts';
import { sid } from './sid-schema.ts';
import { ed25519Public } from './store-schemas.ts';
import { oneOf, patternText, plainText, variableName, wholeNumber } from './value-schemas.ts';

/*
 * Every field is optional here, also those that an entry cannot do without: the builders ask for them, because
 * the environment may give them and because only so can all faults be told at once. `required` in the
 * metadata is what editors go by.
 */

const apiKey = z
  .strictObject({
    sid: sid('SK').optional(),
    secretEnv: variableName.optional().describe('Variable that holds the secret; also read as NAME_FILE'),
  })
  .describe('API key of the account');

const service = z.strictObject({
  accountSid: sid('AC').optional(),
  serviceSid: sid('IS').optional().describe('Conversations Service'),
  apiKey: apiKey.optional().describe('Key that signs tokens'),
  previousApiKey: apiKey.optional().describe('Key that is being rotated out; still accepted on beacons'),
  restApiKey: apiKey.optional().describe('Key for reads, may be a restricted one; default the signing key'),
  roleSid: sid('RL').optional().describe('Role given by every token'),
  roleSids: z.record(className, sid('RL')).optional().describe('Role given by the token, by class'),
  region: patternText('a Twilio region in lower case, such as us1 or ie1', /^[a-z]{2}\d{1,2}$/).optional(),
  edge: patternText('a Twilio edge in lower case, such as dublin', /^[a-z][a-z-]{1,31}$/).optional(),
  pushCredentialSid: sid('CR').optional(),
  budget: budgetEntry.optional(),
});

const serviceName = patternText(
  'a service name: lower-case letters, digits and dashes, a letter first, at most 32',
  /^[a-z][a-z0-9-]{0,31}$/,
);

const dataName = (what: string) =>
  plainText(`${what}: the name of a shipped one, or the path of a file, at most 256 characters`);

const intentName = patternText(
  'an intent: lower-case letters, digits, dashes and underscores, a letter first, at most 64',
  /^[a-z][a-z0-9_-]{0,63}$/,
);

/** The ledger keeps one byte for each, for good: those of years ago still have their numbers. */
const NAMES_MAX = 200;

/** The config file. Strict at every level: an unknown key is a fault. */
export const configFileSchema = z
  .strictObject({
    issuers: z.array(issuerEntry).optional().describe('Issuers whose app logins are accepted'),
    backends: z.array(backendEntry).optional().describe('Trusted backends with an API key'),
    session: sessionEntry.optional(),
    services: z
      .record(serviceName, service)
      .optional()
      .describe('Conversations services by our name for them'),
    identity: z
      .strictObject({
        strategy: oneOf(['opaque', 'claim']).optional().describe('How identities are made; default opaque'),
        foldCase: z.boolean().optional().describe('Lower-case subjects first; default false'),
      })
      .optional(),
    classes: z
      .array(classEntry)
      .min(1)
      .max(NAMES_MAX, { error: `at most ${NAMES_MAX} classes` })
      .optional()
      .describe('Kinds of people; the first is the default'),
    intents: z
      .record(intentName, oneOf(['allow', 'deny', 'needs-reason', 'known-only']))
      .refine((intents) => Object.keys(intents).length <= NAMES_MAX, {
        error: `at most ${NAMES_MAX} intents`,
      })
      .optional()
      .describe('What a token may be asked for'),
    connect: connectSection.optional().describe('Who never connects, whatever the intent'),
    unread: unreadSection.optional().describe('Unread messages of people who are not connected'),
    guests: guestsSection.optional(),
    compatibility: compatibilitySection.optional().describe('What is there for older clients only'),
    alerts: alertsSection.optional(),
    countingRules: dataName('a version of counting rules')
      .optional()
      .describe('By which rules active users are counted: a shipped version, or the path of a file'),
    prices: dataName('a price table')
      .optional()
      .describe('What active users cost: a shipped table, or the path of a file'),
    ops: opsSection.optional().describe('Sign-in of operators to the dashboard'),
    reconcile: z
      .strictObject({
        everyHours: wholeNumber('a whole number of hours from 0 to 168', 0, 168)
          .optional()
          .describe(
            "How often Twilio's usage record is pulled by a key for reads; 0: only on demand; default 6",
          ),
        category: patternText('a usage category such as pchat-users', /^[a-z][a-z0-9-]{0,63}$/)
          .optional()
          .describe('Usage category of active users; default pchat-users'),
      })
      .optional()
      .describe("Months against Twilio's own figures"),
    manifests: z
      .strictObject({
        previousKeys: z
          .array(ed25519Public, { error: 'a list of Ed25519 public keys' })
          .max(50, { error: 'at most 50 keys' })
          .optional()
          .describe('Public halves of the keys that signed earlier manifests; shown beside the present one'),
      })
      .optional()
      .describe('Signatures of export manifests'),
    retention: retentionSection.optional(),
    token: z
      .strictObject({
        ttlSeconds: wholeNumber('a whole number of seconds from 300 to 86400', 300, 86_400).optional(),
      })
      .optional(),
    limits: z
      .strictObject({
        tokenRequestsPerMinute: wholeNumber('a whole number from 1 to 6000', 1, 6000).optional(),
        failedAuthenticationsPerMinute: wholeNumber('a whole number from 1 to 6000', 1, 6000).optional(),
        verifiedTokens: wholeNumber('a whole number from 1 to 1000000', 1, 1_000_000).optional(),
        twilioReadsPerSecond: wholeNumber('a whole number from 1 to 30', 1, 30)
          .optional()
          .describe('Reads a second of a backfill at Twilio, in each process; default 10'),
      })
      .optional(),
    ledger: z
      .strictObject({
        deadlineMs: wholeNumber('a whole number of milliseconds from 50 to 10000', 50, 10_000).optional(),
        journalMebibytesMax: wholeNumber('a whole number of MiB from 1 to 16384', 1, 16_384)
          .optional()
          .describe('Size of the file at JOURNAL_PATH beyond which nothing is taken; default 64'),
        sentinelLogin: z
          .strictObject({
            username: plainText('a user name').optional(),
            passwordEnv: variableName.describe('Variable that holds the password; also read as NAME_FILE'),
          })
          .optional()
          .describe('How the Sentinels are asked, where they want to know; REDIS_PASSWORD is for Redis'),
        rememberedPeopleMax: wholeNumber('a whole number from 1000 to 10000000', 1_000, 10_000_000)
          .optional()
          .describe('People whom each process remembers as admitted, for outages of Redis; default 100000'),
      })
      .optional(),
  })
  .describe('Configuration of mau-guard: everything that is no secret and does not differ per machine');

export type ConfigFileData = z.output<typeof configFileSchema>;
export type ServiceEntry = NonNullable<ConfigFileData['services']>[string];
