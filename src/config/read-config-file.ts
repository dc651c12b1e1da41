import { resolve } from 'node:path';
import { findPrototypeMembers } from '../domain/prototype-members.ts';
import { describeFound, hasUserInfo } from './config-fault.ts';
import { type ConfigFileData, configFileSchema } from './config-file-schema.ts';
import { buildConfigJsonSchema } from './config-json-schema.ts';
import type { EnvironmentInput } from './environment-input.ts';
import { faultsOfIssue, genericExpectation, pathText } from './file-faults.ts';
import type { Findings, Offer } from './findings.ts';
import { prune, withoutNulls } from './prune.ts';
import type { Environment } from './read-environment.ts';
import { parseYamlText, type YamlText } from './yaml-text.ts';

/** Read when it is there; no fault when it is not. */
const DEFAULT_CONFIG_FILE = 'config/mau-guard.yaml';

/** The config file, parsed. Without a file all of it is empty. */
export interface ConfigFile {
  /** False when nothing of it could be read: then nobody knows what it would have given. */
  readable: boolean;
  /** The valid part of the file. What was at fault is left out, and its fault is in the findings. */
  data: ConfigFileData;
  /** Variables that the file names with `…Env`. */
  secretNames: string[];
  /** A value of the file with its place; undefined stays undefined. */
  offer<T>(path: readonly (string | number)[], value: T | undefined): Offer<T> | undefined;
  /** Where a path stands, for a fault. */
  place(path: readonly (string | number)[]): { where: string; line?: number };
}

/** Reads and validates the file that a flag or variable names, or the default one. */
export function readConfigFile(
  input: EnvironmentInput,
  environment: Environment,
  findings: Findings,
): ConfigFile {
  const named = environment.get('MAU_CONFIG_FILE');
  const path = named?.value ?? DEFAULT_CONFIG_FILE;
  let text: string;
  try {
    text = input.readFile(resolve(input.cwd, path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'no reason';
    if (named || code !== 'ENOENT') {
      const where = named?.where ?? path;
      const found = `${describePath(path)}, which is ${code === 'ENOENT' ? 'not there' : `unreadable (${code})`}`;
      findings.fault({ where, expected: 'a readable file', found });
    }
    return { ...view({}, path, null), readable: !named && code === 'ENOENT' };
  }
  const yaml = parseYamlText(text, path, findings);
  if (!yaml) return { ...view({}, path, null), readable: false };
  refusePrototypes(path, yaml, findings);
  return view(validate(withoutNulls(yaml.data) ?? {}, path, yaml, findings), path, yaml);
}

/** Whatever does not look like a config file may be a secret that was pasted into the wrong variable. */
function describePath(path: string): string {
  return /\.ya?ml$/i.test(path) && !hasUserInfo(path) ? path : describeFound(path);
}

/** Where a name may be any text, the schema would pass over this one in silence, and a limit would never hold. */
function refusePrototypes(path: string, yaml: YamlText, findings: Findings): void {
  for (const steps of findPrototypeMembers(yaml.data)) {
    const where = placeText(path, steps);
    findings.fault({ where, line: yaml.lineOf(steps), expected: 'another name', found: '__proto__' });
  }
}

/** Validates; whatever is at fault is reported and cut out, until the rest is valid. */
function validate(raw: unknown, path: string, yaml: YamlText, findings: Findings): ConfigFileData {
  let rest = raw;
  // Cutting out can only bring up a parent that misses something, so few rounds suffice; the bound is for safety.
  for (let round = 0; round < 5; round += 1) {
    const parsed = configFileSchema.safeParse(rest, { error: genericExpectation });
    if (parsed.success) return parsed.data;
    const schema = buildConfigJsonSchema();
    for (const issue of parsed.error.issues) {
      for (const fault of faultsOfIssue(issue, rest, schema)) {
        const { steps, meant, ...words } = fault;
        const also = meant && placeText(path, meant);
        findings.fault({ where: placeText(path, steps), line: yaml.lineOf(steps), ...words }, also);
      }
    }
    rest = prune(rest, parsed.error.issues, schema);
  }
  return {};
}

function placeText(path: string, steps: readonly PropertyKey[]): string {
  return steps.length === 0 ? path : `${path}:${pathText(steps)}`;
}

function view(data: ConfigFileData, path: string, yaml: YamlText | null): ConfigFile {
  const place = (steps: readonly (string | number)[]) => ({
    where: placeText(path, steps),
    ...(yaml === null ? {} : { line: yaml.lineOf(steps) }),
  });
  return {
    readable: true,
    data,
    secretNames: yaml === null ? [] : namesOfSecrets(yaml.data),
    place,
    offer: (steps, value) =>
      value === undefined ? undefined : { value, source: `file ${path}`, ...place(steps) },
  };
}

function namesOfSecrets(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key.endsWith('Env') && typeof child === 'string' ? [child] : namesOfSecrets(child),
  );
}
