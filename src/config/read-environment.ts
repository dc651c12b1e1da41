import { describeFound } from './config-fault.ts';
import type { EnvironmentInput } from './environment-input.ts';
import type { Findings, Offer } from './findings.ts';
import { lookUp, type RawTexts, rawTexts } from './raw-texts.ts';
import type { Objection } from './value-schemas.ts';
import { VARIABLE_NAMES, type VariableName, type VariableValue, variable } from './variables.ts';

/** The environment and the flags above it, parsed. An empty variable is an unset one. */
export interface Environment {
  /** `NODE_ENV=production`. */
  production: boolean;
  /** The parsed value, undefined when it is unset or at fault. */
  get<Name extends VariableName>(name: Name): Offer<VariableValue<Name>> | undefined;
  /** True when it was given in any form, even a faulty one: nobody needs to be told that it is missing. */
  isSet(name: VariableName): boolean;
  /** A secret by the name that the config file gives; any variable, also as `NAME_FILE`. */
  secretNamed(name: string): Offer<string> | 'unset' | 'faulty';
  /** Every name that has a value, for the search for misspelt ones. */
  names(): string[];
}

/** Parses every known variable and flag; each fault goes to `findings`. */
export function readEnvironment(
  input: EnvironmentInput,
  flags: Readonly<Record<string, string | undefined>>,
  findings: Findings,
  options: { ignore?: RegExp } = {},
): Environment {
  const texts = rawTexts(input, flags, findings, options.ignore);
  const given = new Set<VariableName>();
  const offers = new Map<VariableName, Offer<unknown>>();
  for (const name of VARIABLE_NAMES) {
    const raw = lookUp(texts, name, input, findings);
    if (raw === 'unset') continue;
    given.add(name);
    if (raw === 'faulty') continue;
    const value = parseVariable(name, raw, findings);
    if (value !== undefined) offers.set(name, { ...raw, value });
  }
  return {
    production: isProduction(texts, input, findings),
    get: <Name extends VariableName>(name: Name) =>
      offers.get(name) as Offer<VariableValue<Name>> | undefined,
    isSet: (name) => given.has(name),
    secretNamed: (name) => lookUp(texts, name, input, findings, true),
    names: () => [...texts.keys()],
  };
}

function parseVariable(name: VariableName, raw: Offer<string>, findings: Findings): unknown {
  const { schema, secret = false } = variable(name);
  const text = secret ? raw.value : raw.value.trim();
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const params: Objection = issue?.code === 'custom' ? (issue.params ?? {}) : {};
  findings.fault({
    where: raw.where,
    expected: issue?.message ?? 'another value',
    found: params.found ?? describeFound(text, secret),
    ...(params.hint === undefined ? {} : { hint: params.hint }),
  });
  return undefined;
}

function isProduction(texts: RawTexts, input: EnvironmentInput, findings: Findings): boolean {
  const given = lookUp(texts, 'NODE_ENV', input, findings);
  const value = typeof given === 'string' ? '' : given.value.trim();
  if (value !== 'production' && /^prod/i.test(value)) {
    findings.fault({
      where: 'NODE_ENV',
      expected: '`production`, or another word for anything else',
      found: describeFound(value),
      hint: 'written like this, the safeguards of production would be off',
    });
  }
  return value === 'production';
}
