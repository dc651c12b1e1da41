import type { z } from 'zod';
import { bindHost, origins, port, portOrOff, publicUrl, trustProxy } from './listener-schemas.ts';
import { apiKeySecret, authToken, sid } from './sid-schema.ts';
import {
  ed25519Pem,
  flag,
  hostPorts,
  longSecret,
  operatorKeys,
  redisPassword,
  redisUrl,
} from './store-schemas.ts';
import {
  httpUrl,
  oneOf,
  parsedText,
  patternText,
  plainText,
  splitList,
  wholeNumberText,
} from './value-schemas.ts';

interface Variable {
  schema: z.ZodType<unknown, string>;
  /** Never shown, and may be given as `NAME_FILE`. */
  secret?: true;
  aliases?: readonly string[];
}

const path = plainText('a path', 4096);
const audiences = parsedText<string[]>('the audience that tokens for this app carry', (text) => {
  const value = splitList(text);
  return value.length > 0 ? { value } : {};
});

/** Every variable that the gateway reads, besides `NODE_ENV` and those that the config file names. */
export const VARIABLES = {
  PORT: { schema: port },
  HOST: { schema: bindHost },
  METRICS_PORT: { schema: portOrOff },
  PUBLIC_URL: { schema: publicUrl },
  TRUST_PROXY: { schema: trustProxy },
  CORS_ORIGINS: { schema: origins },
  LOG_LEVEL: { schema: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']) },
  LOG_FORMAT: { schema: oneOf(['json', 'pretty']) },
  MAU_CONFIG_FILE: { schema: path },
  TWILIO_ACCOUNT_SID: { schema: sid('AC') },
  TWILIO_API_KEY_SID: { schema: sid('SK'), aliases: ['TWILIO_API_KEY'] },
  TWILIO_API_KEY_SECRET: { schema: apiKeySecret, secret: true, aliases: ['TWILIO_API_SECRET'] },
  TWILIO_CONVERSATIONS_SERVICE_SID: { schema: sid('IS'), aliases: ['TWILIO_CHAT_SERVICE_SID'] },
  TWILIO_PREVIOUS_API_KEY_SID: { schema: sid('SK') },
  TWILIO_PREVIOUS_API_KEY_SECRET: { schema: apiKeySecret, secret: true },
  TWILIO_AUTH_TOKEN: { schema: authToken, secret: true },
  TWILIO_PREVIOUS_AUTH_TOKEN: { schema: authToken, secret: true },
  TWILIO_REST_API_KEY_SID: { schema: sid('SK') },
  TWILIO_REST_API_KEY_SECRET: { schema: apiKeySecret, secret: true },
  TWILIO_REGION: {
    schema: patternText('a Twilio region in lower case, such as us1 or ie1', /^[a-z]{2}\d{1,2}$/),
  },
  TWILIO_EDGE: { schema: patternText('a Twilio edge in lower case, such as dublin', /^[a-z][a-z-]{1,31}$/) },
  TWILIO_PUSH_CREDENTIAL_SID: { schema: sid('CR') },
  TWILIO_REST_URL: { schema: httpUrl('the base of Twilio REST calls', { anyHttp: true }) },
  LEDGER: { schema: oneOf(['redis', 'embedded']) },
  REDIS_URL: { schema: redisUrl, secret: true },
  REDIS_CLUSTER_NODES: { schema: hostPorts },
  REDIS_SENTINELS: { schema: hostPorts },
  REDIS_SENTINEL_MASTER: { schema: plainText('the name of the master that the Sentinels watch') },
  REDIS_USERNAME: { schema: plainText('a user name') },
  REDIS_PASSWORD: { schema: redisPassword, secret: true },
  REDIS_TLS: { schema: flag },
  REDIS_WAIT_REPLICAS: { schema: wholeNumberText('a number of replicas from 0 to 10', 0, 10) },
  REDIS_KEY_PREFIX: {
    schema: patternText(
      '1 to 32 letters, digits, dots, dashes, underscores or colons',
      /^[A-Za-z0-9._:-]{1,32}$/,
    ),
  },
  LEDGER_PATH: { schema: path },
  JOURNAL_PATH: { schema: path },
  IDENTITY_SECRET: { schema: longSecret('a secret that never changes,'), secret: true },
  COOKIE_SECRET: { schema: longSecret('a secret'), secret: true },
  COOKIE_PREVIOUS_SECRET: { schema: longSecret('a secret'), secret: true },
  AUTH_ISSUER: { schema: httpUrl('the issuer of your app logins') },
  AUTH_AUDIENCE: { schema: audiences },
  AUTH_JWKS_URL: { schema: httpUrl('the JWKS of the issuer', { query: true }) },
  OPS_API_KEYS: { schema: operatorKeys, secret: true },
  OPS_OIDC_ISSUER: { schema: httpUrl('the issuer of operator logins') },
  OPS_OIDC_CLIENT_ID: { schema: plainText('a client id') },
  OPS_OIDC_CLIENT_SECRET: { schema: plainText('a client secret', 4096), secret: true },
  MANIFEST_SIGNING_KEY: { schema: ed25519Pem, secret: true },
  TOKEN_TTL_SECONDS: { schema: wholeNumberText('a whole number of seconds from 300 to 86400', 300, 86_400) },
  MAU_BUDGET_IDENTITIES: {
    schema: wholeNumberText('a whole number of identities a month, 0 to 1000000000', 0, 1_000_000_000),
  },
  MAU_BUDGET_MODE: { schema: oneOf(['off', 'warn', 'block']) },
} satisfies Record<string, Variable>;

/** The name of a variable of the table. */
export type VariableName = keyof typeof VARIABLES;

/** What the text of a variable becomes. */
export type VariableValue<Name extends VariableName> = z.output<(typeof VARIABLES)[Name]['schema']>;

/** What is known of a variable, without the type of its value. */
export function variable(name: VariableName): Variable {
  return VARIABLES[name];
}

/** In the order of the table; faults come in it. */
export const VARIABLE_NAMES = Object.keys(VARIABLES) as VariableName[];

/** What a token is signed with. Demo mode is only for environments that have none of these. */
export const SIGNING_VARIABLES = [
  'TWILIO_ACCOUNT_SID',
  'TWILIO_API_KEY_SID',
  'TWILIO_API_KEY_SECRET',
  'TWILIO_CONVERSATIONS_SERVICE_SID',
] as const satisfies readonly VariableName[];
