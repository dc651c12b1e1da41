import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { describeFound, describeHidden } from './config-fault.ts';
import { type SchemaNode, schemaAt } from './config-json-schema.ts';
import type { Objection } from './value-schemas.ts';
import { VARIABLE_NAMES } from './variables.ts';

/** A fault of the file before its place is put into words. */
export interface FileFault {
  steps: readonly PropertyKey[];
  /** The place that the value was meant for, when that can be told. */
  meant?: readonly PropertyKey[];
  expected: string;
  found: string;
  hint?: string;
}

/** By its name; `tokenRequestsPerMinute` measures something. */
const SECRET_KEY =
  /(secret|password|passphrase|token|private|credential)(?!.*(?:PerMinute|Seconds|Ms|Max)$)/i;

/** `services.support.apiKey.sid`, `issuers[0].audience`. */
export function pathText(steps: readonly PropertyKey[]): string {
  return steps.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  );
}

/** Words for issues whose schema brings none of its own. */
export function genericExpectation(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'too_small') return 'at least one entry';
  if (issue.code !== 'invalid_type') return 'another value';
  if (issue.expected === 'object' || issue.expected === 'record') return 'a mapping';
  if (issue.expected === 'array') return 'a list';
  return issue.expected === 'boolean' ? 'true or false' : `a ${issue.expected}`;
}

/** Puts an issue into words: one fault, or one for each unknown key. */
export function faultsOfIssue(issue: z.core.$ZodIssue, data: unknown, schema: SchemaNode): FileFault[] {
  const value = valueAt(data, issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schemaAt(schema, issue.path)?.properties ?? {});
    return issue.keys.map((key) =>
      faultOfKey([...issue.path, key], key, (value as Record<string, unknown>)[key], known),
    );
  }
  if (issue.code === 'invalid_key') {
    const expected = issue.issues[0]?.message ?? issue.message;
    return [{ steps: issue.path, expected, found: describeFound(String(issue.path.at(-1))) }];
  }
  const params: Objection = issue.code === 'custom' ? (issue.params ?? {}) : {};
  const secret = SECRET_KEY.test(String(issue.path.at(-1)));
  return [
    {
      steps: issue.path,
      expected: issue.message,
      found: params.found ?? describeFound(value, secret),
      ...(params.hint === undefined ? {} : { hint: params.hint }),
    },
  ];
}

function faultOfKey(steps: PropertyKey[], key: string, value: unknown, known: string[]): FileFault {
  const byVariable = `${key}Env`;
  if (
    known.includes(byVariable) ||
    (SECRET_KEY.test(key) && typeof value === 'string' && !nearestKey(key, known))
  ) {
    const found =
      typeof value === 'string' ? `a literal secret, ${describeHidden(value)}` : 'a literal secret';
    const expected = known.includes(byVariable)
      ? `${byVariable}, the name of the variable that holds it`
      : 'no secret: this file only names the variables that hold them';
    const meant = [...steps.slice(0, -1), byVariable];
    return { steps, meant, expected, found, hint: 'secrets never stand in this file' };
  }
  const nearest = nearestKey(key, known);
  const variable = VARIABLE_NAMES.find((name) => bare(name) === bare(key));
  const hint = nearest
    ? `did you mean ${nearest}?`
    : variable
      ? `set the environment variable ${variable}`
      : null;
  return {
    steps,
    expected: `one of ${known.join(', ')}`,
    found: 'an unknown key',
    ...(nearest === null ? {} : { meant: [...steps.slice(0, -1), nearest] }),
    ...(hint === null ? {} : { hint }),
  };
}

function nearestKey(key: string, known: readonly string[]): string | null {
  const ranked = known
    .map((candidate) => ({ candidate, edits: distance(bare(candidate), bare(key)) }))
    .sort((one, other) => one.edits - other.edits);
  const best = ranked[0];
  return best && best.edits <= Math.max(1, Math.floor(key.length / 4)) ? best.candidate : null;
}

/** Case and separators are slips, not differences. */
function bare(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step],
    data,
  );
}
