import type { ConfigParts } from './config-parts.ts';
import { type Findings, type Offer, placeOf } from './findings.ts';
import { namedSecret } from './named-secret.ts';
import type { LedgerSettings } from './settings.ts';
import { redisPassword } from './store-schemas.ts';
import type { VariableName } from './variables.ts';

type RedisSettings = Extract<LedgerSettings, { kind: 'redis' }>;

/** Any of these says that the ledger is in Redis. */
export const REDIS_VARIABLES = [
  'REDIS_URL',
  'REDIS_CLUSTER_NODES',
  'REDIS_SENTINELS',
  'REDIS_SENTINEL_MASTER',
  'REDIS_USERNAME',
  'REDIS_PASSWORD',
  'REDIS_TLS',
  'REDIS_WAIT_REPLICAS',
  'REDIS_KEY_PREFIX',
] as const satisfies readonly VariableName[];

/** Of these, exactly one says where Redis is. */
const ADDRESSES = ['REDIS_URL', 'REDIS_CLUSTER_NODES', 'REDIS_SENTINELS'] as const;

/** Where the ledger is. Any Redis variable means Redis, unless `LEDGER=embedded` is said. */
export function buildLedger(parts: ConfigParts): LedgerSettings {
  const { environment, findings } = parts;
  const chosen = environment.get('LEDGER');
  const redisVariables = REDIS_VARIABLES.filter((name) => environment.isSet(name));
  const named = redisVariables.map((name) => environment.get(name)).find((offer) => offer !== undefined);
  const source = chosen?.source ?? named?.source;
  if (source !== undefined) findings.from('ledger.kind', source);
  if (chosen?.value === 'redis' || (!environment.isSet('LEDGER') && redisVariables.length > 0)) {
    return buildRedis(parts);
  }
  if (chosen && redisVariables.length > 0) {
    findings.notice(`${redisVariables.join(', ')}: not used, because LEDGER=embedded.`);
  }
  if (environment.production && !environment.isSet('LEDGER')) {
    findings.fault({
      where: 'LEDGER',
      expected: 'REDIS_URL or another Redis address in production, or LEDGER=embedded said explicitly',
      found: 'nothing',
      hint: 'the embedded ledger is for one node and one disk',
    });
  }
  return buildEmbedded(parts, 'data/ledger.db');
}

/** The ledger in a file. */
export function buildEmbedded({ environment, findings }: ConfigParts, path: string): LedgerSettings {
  return { kind: 'embedded', path: findings.prefer('ledger.path', [environment.get('LEDGER_PATH')], path) };
}

function buildRedis(parts: ConfigParts): LedgerSettings {
  const { environment, file, findings } = parts;
  const deadline = file.offer(['ledger', 'deadlineMs'], file.data.ledger?.deadlineMs);
  const remembered = file.offer(['ledger', 'rememberedPeopleMax'], file.data.ledger?.rememberedPeopleMax);
  const waitReplicas = findings.prefer('ledger.waitReplicas', [environment.get('REDIS_WAIT_REPLICAS')], 0);
  const connection = buildConnection(parts);
  return {
    kind: 'redis',
    keyPrefix: findings.prefer('ledger.keyPrefix', [environment.get('REDIS_KEY_PREFIX')], 'mg'),
    connection,
    ...buildLogin(parts),
    waitReplicas,
    deadlineMs: findings.prefer('ledger.deadlineMs', [deadline], 250),
    rememberedPeopleMax: findings.prefer('ledger.rememberedPeopleMax', [remembered], 100_000),
  };
}

function buildConnection(parts: ConfigParts): RedisSettings['connection'] {
  const { environment, findings } = parts;
  const given = ADDRESSES.filter((name) => environment.isSet(name));
  if (given.length === 0) {
    const expected = 'the address of Redis: REDIS_URL, REDIS_CLUSTER_NODES or REDIS_SENTINELS';
    findings.fault({ where: 'REDIS_URL', expected, found: 'nothing' });
  }
  if (given.length > 1) {
    const expected = `only one of ${ADDRESSES.join(', ')}`;
    findings.fault({ where: given[0] ?? 'REDIS_URL', expected, found: given.join(' and ') });
  }
  const sentinels = environment.get('REDIS_SENTINELS');
  const master = environment.get('REDIS_SENTINEL_MASTER');
  if (environment.isSet('REDIS_SENTINELS') !== environment.isSet('REDIS_SENTINEL_MASTER')) {
    findings.fault({
      where: sentinels ? 'REDIS_SENTINEL_MASTER' : 'REDIS_SENTINELS',
      expected: 'REDIS_SENTINELS and REDIS_SENTINEL_MASTER together',
      found: 'only one of them',
    });
  }
  const nodes = environment.get('REDIS_CLUSTER_NODES');
  if (sentinels) {
    findings.from('ledger.connection', sentinels.source);
    if (master) findings.from('ledger.connection.master', master.source);
    const login = buildSentinelLogin(parts);
    return {
      kind: 'sentinel',
      sentinels: sentinels.value,
      master: master?.value ?? '',
      ...(login === null ? {} : { login }),
    };
  }
  if (nodes) {
    findings.from('ledger.connection', nodes.source);
    return { kind: 'cluster', nodes: nodes.value };
  }
  const url = environment.get('REDIS_URL');
  findings.from('ledger.connection', url?.source ?? 'default');
  return { kind: 'single', url: url?.value ?? '' };
}

/** Sentinels have users of their own; most have none, and answer everybody. */
function buildSentinelLogin(parts: ConfigParts): { username: string | null; password: string } | null {
  const { file, findings } = parts;
  const entry = file.data.ledger?.sentinelLogin;
  const path = ['ledger', 'sentinelLogin', 'passwordEnv'];
  const password = namedSecret(parts, path, entry?.passwordEnv, redisPassword);
  if (!entry || !password) return null;
  findings.from(
    'ledger.connection.login',
    file.offer(['ledger', 'sentinelLogin'], entry)?.source ?? 'default',
  );
  findings.from('ledger.connection.login.password', password.source);
  return { username: entry.username ?? null, password: password.value };
}

/** User name, password and TLS of Cluster and Sentinel. A URL says all three itself. */
function buildLogin({
  environment,
  findings,
}: ConfigParts): Pick<RedisSettings, 'username' | 'password' | 'tls'> {
  const username = environment.get('REDIS_USERNAME');
  const password = environment.get('REDIS_PASSWORD');
  const tls = environment.get('REDIS_TLS');
  if (environment.isSet('REDIS_URL')) {
    for (const offer of [username, password, tls?.value === true ? tls : undefined]) {
      if (offer) refuseBesideUrl(offer, findings);
    }
  }
  return {
    username: findings.prefer<string | null>('ledger.username', [username], null),
    password: findings.prefer<string | null>('ledger.password', [password], null),
    tls: findings.prefer('ledger.tls', [tls], false),
  };
}

function refuseBesideUrl(offer: Offer<unknown>, findings: Findings): void {
  findings.fault({
    ...placeOf(offer),
    expected: 'nothing beside REDIS_URL: it is for REDIS_CLUSTER_NODES and REDIS_SENTINELS',
    found: 'both',
    hint: 'write rediss://user:password@host:port in REDIS_URL',
  });
}
