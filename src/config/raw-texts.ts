import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { describeFound } from './config-fault.ts';
import type { EnvironmentInput } from './environment-input.ts';
import type { Findings, Offer } from './findings.ts';
import { VARIABLE_NAMES, variable } from './variables.ts';

/** Every non-empty variable by name, flags under the name of the variable that they go before. */
export type RawTexts = ReadonlyMap<string, Offer<string>>;

const FLAGS: Readonly<Record<string, string>> = { port: 'PORT', host: 'HOST', config: 'MAU_CONFIG_FILE' };

/** Flags before environment before `.env`. Names that match `ignore` are left out. */
export function rawTexts(
  input: EnvironmentInput,
  flags: Readonly<Record<string, string | undefined>>,
  findings: Findings,
  ignore?: RegExp,
): RawTexts {
  const texts = new Map<string, Offer<string>>();
  for (const [name, value = ''] of Object.entries(readDotEnv(input, findings))) {
    texts.set(name, { value, source: `${input.dotEnvFile} ${name}`, where: name });
  }
  for (const [name, value = ''] of Object.entries(input.env)) {
    texts.set(name, { value, source: `environment ${name}`, where: name });
  }
  for (const [flag, name] of Object.entries(FLAGS)) {
    const value = flags[flag];
    if (value !== undefined) texts.set(name, { value, source: `flag --${flag}`, where: `--${flag}` });
  }
  for (const [name, text] of texts) {
    if (text.value.trim() === '' || ignore?.test(name)) texts.delete(name);
  }
  return texts;
}

function readDotEnv(input: EnvironmentInput, findings: Findings): Record<string, string | undefined> {
  if (input.dotEnvFile === undefined) return {};
  try {
    // Some editors begin a file with a byte order mark, which would be part of the first name.
    return parseEnv(input.readFile(resolve(input.cwd, input.dotEnvFile)).replace(/^\uFEFF/, ''));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'no reason';
    if (code !== 'ENOENT') {
      findings.fault({
        where: input.dotEnvFile,
        expected: 'a readable file',
        found: `an unreadable one (${code})`,
      });
    }
    return {};
  }
}

/**
 * The text of a variable under its own name, as `NAME_FILE` when it is a secret, or under an alias.
 * `faulty`: it was given, but not so that one text could be read; the fault is in `findings`.
 */
export function lookUp(
  texts: RawTexts,
  name: string,
  input: EnvironmentInput,
  findings: Findings,
  secret = false,
): Offer<string> | 'unset' | 'faulty' {
  const known = VARIABLE_NAMES.find((candidate) => candidate === name);
  const definition = known ? variable(known) : null;
  const mayBeFile = secret || definition?.secret === true;
  const read = (spelling: string) => lookUpSpelling(texts, spelling, mayBeFile, input, findings);
  let answer = read(name);
  for (const alias of definition?.aliases ?? []) {
    const other = read(alias);
    if (other === 'unset') continue;
    if (answer === 'unset') {
      answer = other;
      findings.notice(`${alias} is read as ${name}; that name is the better one.`);
    } else if (answer === 'faulty' || other === 'faulty') {
      answer = 'faulty';
    } else if (answer.value !== other.value) {
      findings.fault({
        where: name,
        expected: `the same value as in its alias ${alias}`,
        found: 'two different values',
      });
      answer = 'faulty';
    }
  }
  return answer;
}

function lookUpSpelling(
  texts: RawTexts,
  name: string,
  mayBeFile: boolean,
  input: EnvironmentInput,
  findings: Findings,
): Offer<string> | 'unset' | 'faulty' {
  const direct = texts.get(name);
  const file = mayBeFile ? texts.get(`${name}_FILE`) : undefined;
  if (direct && file) {
    findings.fault({ where: name, expected: `either ${name} or ${name}_FILE`, found: 'both' });
    return 'faulty';
  }
  const text = file
    ? readSecretFile(`${name}_FILE`, file.value.trim(), input, findings)
    : (direct ?? 'unset');
  if (typeof text === 'string' || !isQuoted(text.value)) return text;
  findings.fault({
    where: text.where,
    expected: 'a value without quotes around it',
    found: describeFound(text.value, mayBeFile),
    hint: 'remove the quotes: they are part of the value',
  });
  return 'faulty';
}

/** Shells and `.env` take quotes away; `docker run --env-file` and files of secrets keep them. */
function isQuoted(value: string): boolean {
  return /^\s*(["']).*\1\s*$/s.test(value);
}

/** A byte order mark before the secret and one line end after it are dropped: editors and `echo` put them there. */
function readSecretFile(
  name: string,
  path: string,
  input: EnvironmentInput,
  findings: Findings,
): Offer<string> | 'faulty' {
  try {
    const text = input.readFile(resolve(input.cwd, path));
    const value = text.replace(/^\uFEFF/, '').replace(/\r?\n$/, '');
    if (isNoText(value)) {
      findings.fault({
        where: name,
        expected: 'a file that holds the secret as UTF-8 text',
        found: 'other bytes',
        hint: 'save it as UTF-8; a secret of your own making comes from: openssl rand -base64 48',
      });
    } else if (value.trim() === '') {
      findings.fault({ where: name, expected: 'a file that holds the secret', found: 'an empty file' });
    } else {
      return { value, source: name, where: name };
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'no reason';
    findings.fault({ where: name, expected: 'a readable file', found: `an unreadable one (${code})` });
  }
  return 'faulty';
}

/** Bytes that are no UTF-8 were read as U+FFFD, all the same one; UTF-16 has a zero in nearly every character. */
function isNoText(value: string): boolean {
  return value.includes('\uFFFD') || value.includes('\0');
}
