import { LedgerUnavailable } from '../domain/ledger-unavailable.ts';

export const CENSORED = '[redacted]';

/** Names under which a secret might be logged by mistake, at any depth and in any usual case. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'apiKey',
  'token',
  'authToken',
  'humanToken',
  'credential',
  'credentials',
  'secret',
  'clientSecret',
  'password',
];

const LOWER_CASE = new Set(SECRET_NAMES.map((name) => name.toLowerCase()));
const DEPTH_MAX = 5;

/**
 * Top-level names, for pino's own redaction, which also covers the bindings of child loggers. It looks each key of a line up
 * by its very spelling, so more spellings cost nothing there; making a key's letters small would, on every line of a mint.
 */
export const REDACTED_PATHS = [...new Set(SECRET_NAMES.flatMap(spellingsOf))].map((name) =>
  name.includes('-') ? `["${name}"]` : name,
);

/** As it stands, small, as a variable or constant, and as headers are written. */
function spellingsOf(name: string): string[] {
  const asHeader = name.replace(/(^|-)([a-z])/g, (letter) => letter.toUpperCase());
  return [name, name.toLowerCase(), name.toUpperCase(), asHeader];
}

/**
 * Censors secrets below the top level. Pino's wildcard paths do that too, but cost 7 µs on every line, also on the
 * flat ones that a mint writes; this looks deeper only when there is something nested.
 */
export function censorNested(event: Record<string, unknown>): Record<string, unknown> {
  let censored = event;
  for (const key in event) {
    const value = event[key];
    if (typeof value !== 'object' || value === null || value instanceof Error) continue;
    if (censored === event) censored = { ...event };
    censored[key] = censor(value, 1);
  }
  return censored;
}

function censor(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return describeError(value);
  if (depth > DEPTH_MAX) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => censor(item, depth + 1));
  if (value instanceof URL) return withoutLogin(value);
  if (writesItself(value)) return censor(written(value), depth + 1);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      LOWER_CASE.has(key.toLowerCase()) ? CENSORED : censor(inner, depth + 1),
    ]),
  );
}

function writesItself(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/** A line of the log must not fail for what it is about. */
function written(value: { toJSON(): unknown }): unknown {
  try {
    return value.toJSON();
  } catch {
    return '[unreadable]';
  }
}

function withoutLogin(url: URL): string {
  if (url.username === '' && url.password === '') return url.href;
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href.replace('//', `//${CENSORED}@`);
}

export interface DescribedError {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: DescribedError;
}

/**
 * An error for the log. Only what is named here: clients of Redis and HTTP hang whole commands and requests,
 * arguments and headers included, on the errors they throw. A ledger that is away is no defect, and every request of an
 * outage has a line: where in the program it was noticed would drown what matters.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const described: DescribedError = { type: error.name, message: error.message };
  if ('code' in error && typeof error.code === 'string') described.code = error.code;
  if (error instanceof LedgerUnavailable) return described;
  if (error.stack !== undefined) described.stack = error.stack;
  if (error.cause !== undefined && depth < DEPTH_MAX) described.cause = describeError(error.cause, depth + 1);
  return described;
}
