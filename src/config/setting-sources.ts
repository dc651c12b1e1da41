import type { Settings } from './settings.ts';

type Scalar = string | number | boolean | null;

/** One line of `config print`. */
export interface SettingSource {
  /** A secret is shown as its length only. */
  value: Scalar | Scalar[];
  /** `flag --port`, `environment PORT`, `.env PORT`, `file config/mau-guard.yaml`, `IDENTITY_SECRET_FILE`, `default` … */
  source: string;
}

const SECRETS =
  /^(identity\.secret|manifestSigningKey|operatorOidc\.clientSecret|cookieSecrets\.\w+|ledger\.(password|connection\.login\.password)|webhooks\.(authToken|previousAuthToken)|services\.[^.]+\.(apiKey|previousApiKey|restApiKey)\.secret|issuers\.\d+\.(secret|introspection\.clientSecret)|guests\.humanCheck\.secret|alerts\.targets\.\d+\.secret)$/;
/** Whoever has the whole of it can post there. */
const ALERT_URL = /^alerts\.targets\.\d+\.url$/;
const HASHES = /\.(sha256|keySha256)$/;

/** Every setting by its dotted name, secrets masked, with where it came from. */
export function listSettings(
  settings: Settings,
  sources: ReadonlyMap<string, string>,
): Record<string, SettingSource> {
  const { notices: _notices, reckoning, ...others } = settings;
  // By name: what they say stands in their files.
  const shown = { ...others, countingRules: reckoning.rules.version, prices: reckoning.prices.name };
  const list: Record<string, SettingSource> = {};
  for (const [setting, value] of leaves('', shown)) {
    list[setting] = { value: mask(setting, value), source: sourceOf(setting, sources) };
  }
  return list;
}

/** Every secret of the settings, so that texts of others can be cleared of them. */
export function listSecrets(settings: Settings): string[] {
  const { notices: _notices, reckoning: _reckoning, ...others } = settings;
  return [...leaves('', others)].flatMap(([setting, value]) => {
    if (typeof value !== 'string') return [];
    if (SECRETS.test(setting) || ALERT_URL.test(setting)) return [value];
    if (setting !== 'ledger.connection.url' || !URL.canParse(value)) return [];
    const { password } = new URL(value);
    return [password, decodeURIComponent(password)];
  });
}

function* leaves(setting: string, value: unknown): Generator<[string, Scalar | Scalar[]]> {
  if (isScalar(value) || (Array.isArray(value) && value.every(isScalar))) {
    yield [setting, value];
    return;
  }
  const entries = Object.entries(value as object);
  if (entries.length === 0) yield [setting, []];
  for (const [key, child] of entries) {
    // Services are known by name, not by position.
    const step = setting === 'services' ? (child as { name: string }).name : key;
    yield* leaves(setting === '' ? step : `${setting}.${step}`, child);
  }
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value !== 'object';
}

function mask(setting: string, value: Scalar | Scalar[]): Scalar | Scalar[] {
  if (typeof value !== 'string') return value;
  if (SECRETS.test(setting)) return `•••• (${Buffer.byteLength(value)} bytes)`;
  if (HASHES.test(setting)) return `${value.slice(0, 8)}…`;
  if (ALERT_URL.test(setting)) return `${new URL(value).origin}/…`;
  return setting === 'ledger.connection.url' ? maskUrl(value) : value;
}

function maskUrl(text: string): string {
  const url = new URL(text);
  const login = url.username === '' && url.password === '' ? '' : `${url.username}:••••@`;
  return `${url.protocol}//${login}${url.host}${url.pathname}`;
}

/** The source of the setting itself, or of what it is a part of. */
function sourceOf(setting: string, sources: ReadonlyMap<string, string>): string {
  for (let part = setting; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('.')))) {
    const source = sources.get(part);
    if (source !== undefined) return source;
  }
  return 'default';
}
