import { tokenAnswerSchema } from '../../contract.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { formatProblem } from './format-problem.ts';
import { parseBaseUrl } from './parse-base-url.ts';
import { printable } from './printable.ts';
import { readTextFile } from './read-file.ts';
import { readProblem } from './read-problem.ts';
import { UsageError } from './usage-error.ts';

/** What `token mint` takes. */
export interface MintOptions {
  url: string;
  service?: string;
  json?: true;
  intent: string;
  login?: string;
  loginFile?: string;
  apiKeyFile?: string;
  subject?: string;
  guestFile?: string;
}

const PATIENCE_MS = 30_000;

/** Asks as an app does. The token goes to standard output, everything else to standard error. */
export async function mintToken(io: CliIo, options: MintOptions): Promise<number> {
  const { base } = parseBaseUrl(options.url);
  const headers = {
    ...credential(io, options),
    'content-type': 'application/json',
    accept: 'application/json',
  };
  const service = options.service === undefined ? {} : { service: options.service };
  const interruption = io.interruption();
  const body = { intent: options.intent, ...service };
  const response = await ask(io, `${base}/v1/tokens`, headers, body, interruption);
  if (response === null) {
    if (interruption.aborted) {
      io.stderr.write('interrupted; the person may have been counted\n');
      return EXIT.interrupted;
    }
    io.stderr.write(`${base} does not answer\n`);
    return EXIT.failure;
  }
  const { text, json } = response;
  const parsed = tokenAnswerSchema.safeParse(json);
  if (!response.ok || !parsed.success) {
    const problem = readProblem(response.status, response.headers, json);
    if (options.json) io.stdout.write(`${text}\n`);
    io.stderr.write(formatProblem(problem, base, 'app'));
    return exitCodeOf(problem.code);
  }
  const { token, identity, outcome, expiresAt, firstThisMonth } = parsed.data;
  io.stdout.write(options.json ? `${JSON.stringify(json, null, 2)}\n` : `${token}\n`);
  if (!options.json) {
    const first = firstThisMonth ? ', first this month' : '';
    io.stderr.write(`${printable(identity)}: ${outcome}${first}, until ${expiresAt}\n`);
  }
  return EXIT.ok;
}

function exitCodeOf(code: string): number {
  if (code === 'mau-budget-exhausted') return EXIT.overBudget;
  return code === 'invalid-request' ? EXIT.usage : EXIT.failure;
}

/** Null without an answer. */
async function ask(
  io: CliIo,
  url: string,
  headers: Record<string, string>,
  body: object,
  interruption: AbortSignal,
) {
  try {
    const signal = AbortSignal.any([interruption, AbortSignal.timeout(PATIENCE_MS)]);
    const response = await io.fetch(url, {
      ...{ method: 'POST', headers, body: JSON.stringify(body), signal },
      redirect: 'error',
    });
    const text = await response.text();
    return {
      ok: response.ok,
      status: response.status,
      headers: response.headers,
      text,
      json: parseJson(text),
    };
  } catch {
    return null;
  }
}

/** Who is asking: exactly one credential. */
function credential(io: CliIo, options: MintOptions): Record<string, string> {
  const { login, loginFile, apiKeyFile, subject, guestFile } = options;
  const given = [login, loginFile, apiKeyFile, guestFile].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new UsageError('say who asks with one of --login-file, --api-key-file, --guest-file or --login');
  }
  const read = (path: string) => readTextFile(io, path).trim();
  if (apiKeyFile !== undefined) {
    if (subject === undefined) throw new UsageError('say with --subject for whom the backend asks');
    // The gateway reads UTF-8; fetch takes one character a byte.
    return { 'x-api-key': read(apiKeyFile), 'x-subject': Buffer.from(subject).toString('latin1') };
  }
  if (subject !== undefined) throw new UsageError('--subject is for --api-key-file only');
  if (guestFile !== undefined) return { authorization: `Guest ${read(guestFile)}` };
  return { authorization: `Bearer ${login ?? read(loginFile ?? '')}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
