import { LedgerUnavailable } from '../domain/ledger-unavailable.ts';

export const CENSORED = '[redacted]';

/** Names under which a secret might be logged by mistake, in any depth and any case. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'apiKey',
  'token',
  'humanToken',
  'credential',
  'credentials',
  'secret',
  'clientSecret',
  'password',
];

const LOWER_CASE = new Set(SECRET_NAMES.map((name) => name.toLowerCase()));
const DEPTH_MAX = 5;

/** Top-level names, for pino's own redaction, which also covers the bindings of child loggers. */
export const REDACTED_PATHS = SECRET_NAMES.map((name) => (name.includes('-') ? `["${name}"]` : name));

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
  if ('toJSON' in value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      LOWER_CASE.has(key.toLowerCase()) ? CENSORED : censor(inner, depth + 1),
    ]),
  );
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
