import { DEFAULT_SERVICE, parseServiceName } from '../domain/service-name.ts';
import { type ApiKeySource, buildApiKey } from './build-api-key.ts';
import { buildBudget } from './build-budget.ts';
import type { ServiceEntry } from './config-file-schema.ts';
import type { ConfigParts } from './config-parts.ts';
import type { Offer } from './findings.ts';
import type { Environment } from './read-environment.ts';
import { refuseUnknownClass } from './refuse-unknown-class.ts';
import { refuseVariablesOfDefault } from './refuse-variables-of-default.ts';
import type { ClassSettings, ServiceSettings } from './settings.ts';
import { expectedSid } from './sid-schema.ts';
import { SIGNING_VARIABLES } from './variables.ts';

/** The services of the file and, from the TWILIO_ variables, the one named `default`, which comes first. */
export function buildServices(parts: ConfigParts, classes: readonly ClassSettings[]): ServiceSettings[] {
  const entries = parts.file.data.services ?? {};
  const others = Object.keys(entries).filter((name) => name !== DEFAULT_SERVICE);
  const withDefault = wantsDefault(parts, others);
  const names = withDefault ? [DEFAULT_SERVICE, ...others] : others;
  if (!withDefault && others.length > 0) refuseVariablesOfDefault(parts, others);
  const services: ServiceSettings[] = [];
  for (const name of names) {
    const built = buildService(parts, name, entries[name] ?? {}, classes);
    if (built) services.push(built);
  }
  refuseTwins(parts, services);
  return services;
}

function wantsDefault({ environment, file }: ConfigParts, others: readonly string[]): boolean {
  if (file.data.services?.[DEFAULT_SERVICE] !== undefined) return true;
  const given = SIGNING_VARIABLES.filter(
    (name) => environment.isSet(name) && !file.secretNames.includes(name),
  );
  return file.readable && (given.length > 0 || others.length === 0);
}

function buildService(
  parts: ConfigParts,
  name: string,
  entry: ServiceEntry,
  classes: readonly ClassSettings[],
): ServiceSettings | null {
  const { file, findings } = parts;
  const environment = name === DEFAULT_SERVICE ? parts.environment : null;
  const pick = (
    key: 'accountSid' | 'serviceSid' | 'region' | 'edge' | 'pushCredentialSid',
    offer: Offer<string> | undefined,
  ) => {
    const fromFile = file.offer<string>(['services', name, key], entry[key]);
    return findings.prefer<string | null>(`services.${name}.${key}`, [offer, fromFile], null);
  };
  const serviceName = parseServiceName(name);
  const accountSid = pick('accountSid', environment?.get('TWILIO_ACCOUNT_SID'));
  if (accountSid === null) lackSid(parts, name, environment, 'accountSid');
  const apiKey = buildApiKey(parts, keySource(name, 'apiKey', entry, environment));
  const serviceSid = pick('serviceSid', environment?.get('TWILIO_CONVERSATIONS_SERVICE_SID'));
  if (serviceSid === null) lackSid(parts, name, environment, 'serviceSid');
  const previousApiKey = buildApiKey(parts, keySource(name, 'previousApiKey', entry, environment));
  if (apiKey && previousApiKey && apiKey.sid === previousApiKey.sid) {
    findings.fault({
      ...placeOfPrevious(parts, name, environment),
      expected: 'another API key than the signing key',
      found: 'the same one',
    });
  }
  const rest = {
    restApiKey: buildApiKey(parts, keySource(name, 'restApiKey', entry, environment)),
    region: pick('region', environment?.get('TWILIO_REGION')),
    edge: pick('edge', environment?.get('TWILIO_EDGE')),
    pushCredentialSid: pick('pushCredentialSid', environment?.get('TWILIO_PUSH_CREDENTIAL_SID')),
    roleSids: buildRoleSids(parts, name, entry, classes),
    budget: buildBudget(parts, name, entry.budget, environment, classes),
    fallback: entry.budget?.fallback ?? null,
  };
  if (!serviceName || !accountSid || !serviceSid || !apiKey) return null;
  return { name: serviceName, accountSid, serviceSid, apiKey, previousApiKey, ...rest };
}

const KEY_VARIABLES = {
  apiKey: { sid: 'TWILIO_API_KEY_SID', secret: 'TWILIO_API_KEY_SECRET' },
  previousApiKey: { sid: 'TWILIO_PREVIOUS_API_KEY_SID', secret: 'TWILIO_PREVIOUS_API_KEY_SECRET' },
  restApiKey: { sid: 'TWILIO_REST_API_KEY_SID', secret: 'TWILIO_REST_API_KEY_SECRET' },
} as const;

function keySource(
  name: string,
  key: keyof typeof KEY_VARIABLES,
  entry: ServiceEntry,
  environment: Environment | null,
): ApiKeySource {
  const variables = KEY_VARIABLES[key];
  const path = ['services', name, key];
  const required = key === 'apiKey';
  return { setting: `services.${name}.${key}`, path, entry: entry[key], environment, variables, required };
}

function lackSid(
  { file, findings }: ConfigParts,
  name: string,
  environment: Environment | null,
  key: 'accountSid' | 'serviceSid',
): void {
  const variable = key === 'accountSid' ? 'TWILIO_ACCOUNT_SID' : 'TWILIO_CONVERSATIONS_SERVICE_SID';
  if (environment?.isSet(variable)) return;
  const inFile = environment === null || file.data.services?.[name] !== undefined;
  const place = inFile ? file.place(['services', name, key]) : { where: variable };
  findings.fault({
    ...place,
    expected: expectedSid(key === 'accountSid' ? 'AC' : 'IS'),
    found: 'nothing',
    ...(inFile && environment ? { hint: `or set ${variable}` } : {}),
  });
}

function placeOfPrevious({ file }: ConfigParts, name: string, environment: Environment | null) {
  const offer = environment?.get('TWILIO_PREVIOUS_API_KEY_SID');
  return offer ? { where: offer.where } : file.place(['services', name, 'previousApiKey', 'sid']);
}

/** `roleSid` is for every class, `roleSids` goes before it. */
function buildRoleSids(
  parts: ConfigParts,
  name: string,
  entry: ServiceEntry,
  classes: readonly ClassSettings[],
): Record<string, string> {
  const { file, findings } = parts;
  const source = file.offer(['services', name], entry)?.source;
  if (source !== undefined && (entry.roleSid ?? entry.roleSids)) {
    findings.from(`services.${name}.roleSids`, source);
  }
  for (const className of Object.keys(entry.roleSids ?? {})) {
    refuseUnknownClass(parts, ['services', name, 'roleSids', className], className, classes);
  }
  const { roleSid } = entry;
  const forAll = roleSid === undefined ? [] : classes.map((known) => [known.name, roleSid] as const);
  return { ...Object.fromEntries(forAll), ...entry.roleSids };
}

/** Two names for one Conversations service would count its people twice. */
function refuseTwins({ file, findings }: ConfigParts, services: readonly ServiceSettings[]): void {
  for (const [index, service] of services.entries()) {
    const twin = services.slice(0, index).find((earlier) => earlier.serviceSid === service.serviceSid);
    if (!twin) continue;
    findings.fault({
      ...file.place(['services', service.name, 'serviceSid']),
      expected: 'each Conversations service once',
      found: `that of service ${twin.name}`,
    });
  }
}
