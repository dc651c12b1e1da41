import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { parseDocument } from 'yaml';
import { configFileSchema } from '../../src/config/config-file-schema.ts';
import { buildConfigJsonSchema } from '../../src/config/config-json-schema.ts';
import { VARIABLE_NAMES, variable } from '../../src/config/variables.ts';
import { load, loaded, MINIMAL, REPOSITORY, readRepositoryFile } from './support.ts';

/** The contract's table of variables. */
const CONTRACT =
  `PORT HOST METRICS_PORT PUBLIC_URL TRUST_PROXY CORS_ORIGINS LOG_LEVEL LOG_FORMAT MAU_CONFIG_FILE
  TWILIO_ACCOUNT_SID TWILIO_API_KEY_SID TWILIO_API_KEY_SECRET TWILIO_CONVERSATIONS_SERVICE_SID
  TWILIO_PREVIOUS_API_KEY_SID TWILIO_PREVIOUS_API_KEY_SECRET TWILIO_AUTH_TOKEN TWILIO_PREVIOUS_AUTH_TOKEN
  TWILIO_REST_API_KEY_SID TWILIO_REST_API_KEY_SECRET TWILIO_REGION TWILIO_EDGE TWILIO_PUSH_CREDENTIAL_SID
  TWILIO_REST_URL LEDGER REDIS_URL REDIS_CLUSTER_NODES REDIS_SENTINELS REDIS_SENTINEL_MASTER REDIS_USERNAME
  REDIS_PASSWORD REDIS_TLS REDIS_WAIT_REPLICAS REDIS_KEY_PREFIX LEDGER_PATH JOURNAL_PATH IDENTITY_SECRET
  COOKIE_SECRET COOKIE_PREVIOUS_SECRET AUTH_ISSUER AUTH_AUDIENCE AUTH_JWKS_URL OPS_API_KEYS OPS_OIDC_ISSUER
  OPS_OIDC_CLIENT_ID OPS_OIDC_CLIENT_SECRET MANIFEST_SIGNING_KEY TOKEN_TTL_SECONDS MAU_BUDGET_IDENTITIES
  MAU_BUDGET_MODE`.split(/\s+/);

const envExample = readRepositoryFile('.env.example');
const yaml = readRepositoryFile('config/mau-guard.yaml');
const uncommented = parseEnv(envExample.replace(/^# ([A-Z_]+=)/gm, '$1')) as Record<string, string>;

test('the gateway knows every variable of the contract and no other', () => {
  expect([...VARIABLE_NAMES].sort()).toEqual([...CONTRACT].sort());
});

describe('.env.example', () => {
  test('holds every variable and no other', () => {
    expect(Object.keys(uncommented).sort()).toEqual([...CONTRACT].sort());
  });

  test('copied as it is gives demo mode, with the shipped config file too', () => {
    expect(loaded({ files: { '.env': envExample }, yaml }).settings.demo).toBe(true);
  });

  test.each(CONTRACT)('shows a %s that is valid, or a secret that is plainly none', (name) => {
    const text = uncommented[name] ?? '';
    if (text === 'change-me')
      return expect(variable(name as (typeof VARIABLE_NAMES)[number]).secret).toBe(true);
    expect(variable(name as (typeof VARIABLE_NAMES)[number]).schema.safeParse(text).success).toBe(true);
  });

  test('the secrets that others derive from are refused when left as they are', () => {
    const result = load({ env: { ...MINIMAL, IDENTITY_SECRET: 'change-me', COOKIE_SECRET: 'change-me' } });
    expect(result.ok ? [] : result.faults.map((fault) => fault.where)).toEqual([
      'IDENTITY_SECRET',
      'COOKIE_SECRET',
    ]);
  });
});

describe('config/mau-guard.yaml', () => {
  test('as shipped says nothing but the defaults', () => {
    const { sources: withFile, settings } = loaded({ env: MINIMAL, yaml });
    const { settings: without } = loaded({ env: MINIMAL });
    expect(settings).toEqual(without);
    expect(withFile['token.ttlSeconds']?.source).toBe('file config/mau-guard.yaml');
  });

  test('leaves demo mode possible', () => {
    expect(loaded({ yaml }).settings.demo).toBe(true);
  });

  test('with all its examples is valid and shows every key of the schema', () => {
    const full = yaml.replace(/^# ((?:services|issuers|backends|session|ops):| {2})/gm, '$1');
    const secrets = {
      SUPPORT_API_KEY_SECRET: 'x',
      PREVIOUS_API_KEY_SECRET: 'x',
      READ_API_KEY_SECRET: 'x',
      LEGACY_JWT_SECRET: 'x'.repeat(32),
      OPAQUE_CLIENT_SECRET: 'x',
      HUMAN_CHECK_SECRET: 'x',
      SLACK_WEBHOOK_URL: 'https://hooks.example.com/services/1',
      PAGER_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
    };
    const { settings } = loaded({ env: { ...MINIMAL, ...secrets }, yaml: full });
    expect(settings.services.map(({ name }) => name)).toEqual(['default', 'support']);
    expect(settings.issuers).toHaveLength(3);
    expect(settings.classes.map(({ when }) => when?.length ?? 0)).toEqual([0, 0, 0, 0, 2, 1]);
    expect(settings.guests.humanCheck?.siteKey).toBe('0x4AAAAAAAAAAAAAAAAAAAAA');
    expect(settings.alerts.targets.map(({ name }) => name)).toEqual(['team', 'pager']);
    expect(settings.services[0]?.fallback).toEqual({ form: 'https://example.com/contact' });
    const data = parseDocument(full).toJS() as Record<string, unknown>;
    expect(Object.keys(data).sort()).toEqual(Object.keys(configFileSchema.shape).sort());
    const shown = new Set(yaml.match(/[A-Za-z0-9]+/g));
    expect(propertyNames(buildConfigJsonSchema()).filter((name) => !shown.has(name))).toEqual([]);
  });
});

/** The names of all settings of a JSON schema, however deep. */
function propertyNames(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(propertyNames)];
}

test('config/mau-guard.schema.json is the one that the code generates', () => {
  const path = 'config/mau-guard.schema.json';
  const generated = buildConfigJsonSchema();
  // To make it anew: UPDATE_SCHEMA=1, then `npm run format`.
  if (process.env['UPDATE_SCHEMA']) {
    writeFileSync(join(REPOSITORY, path), `${JSON.stringify(generated, null, 2)}\n`);
  }
  expect(JSON.parse(readRepositoryFile(path))).toEqual(JSON.parse(JSON.stringify(generated)));
});
