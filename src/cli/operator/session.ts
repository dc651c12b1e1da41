import { formatFaults } from '../../config/format-config.ts';
import { loadOpsKey } from '../../config/load-ops-key.ts';
import { type CliIo, wantsColor } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { formatProblem } from './format-problem.ts';
import {
  type Answer,
  createGatewayClient,
  type Download,
  type DownloadQuestion,
  type Question,
} from './gateway-client.ts';
import { GatewayAway, GatewayInterrupted, GatewayRefusal } from './gateway-errors.ts';
import type { OperatorOptions } from './operator-options.ts';
import { parseBaseUrl } from './parse-base-url.ts';
import { printable } from './printable.ts';
import { UsageError } from './usage-error.ts';

type Asked<Data> = Pick<Question<Data>, 'path' | 'query' | 'schema'> & Partial<Question<Data>>;

/** What a command of an operator does its work with. */
export interface Session {
  /** Asks for something that changes nothing: a GET unless told otherwise. */
  read<Data>(question: Asked<Data>): Promise<Answer<Data>>;
  /** Changes something, once, however often it is asked. */
  write<Data>(question: Asked<Data> & Pick<Question<Data>, 'method'>): Promise<Answer<Data>>;
  /** A GET of something that is no JSON document, such as a part of an export. */
  download(question: Omit<DownloadQuestion, 'patienceMs'>): Promise<Download>;
  /** Data for standard output: the API's object with `--json`, else the lines. */
  tell(json: unknown, lines: readonly string[]): void;
  /** Words for standard error; none with `--json`. */
  say(words: string): void;
  /** Of the writes of this run, as it was typed or made up. */
  idempotencyKey: string;
}

/** A read is a matter of milliseconds; a gateway that takes longer has other worries. */
const PATIENCE_MS = 30_000;
/** A filter may have to look through a month of millions for its rows. */
const DOWNLOAD_PATIENCE_MS = 120_000;
const KEY_BYTES = 16;

/**
 * Runs a command against a running gateway and turns every way in which that can end into words and an exit code:
 * 0, or what `run` answers; 1 when the gateway refuses or is away; 2 for wrong use; 130 after Ctrl-C.
 */
export async function withGateway(
  io: CliIo,
  options: OperatorOptions,
  run: (session: Session) => Promise<number>,
): Promise<number> {
  const signal = io.interruption();
  const say = (words: string) => void io.stderr.write(`${words}\n`);
  try {
    const url = parseBaseUrl(options.url);
    const loaded = loadOpsKey(io.config);
    if (!loaded.ok) {
      io.stderr.write(formatFaults(loaded.faults, { color: wantsColor(io, io.stderr) }));
      return EXIT.usage;
    }
    if (!url.isPrivate) say(`note: ${url.base} is not encrypted, and the ops key travels to it`);
    const client = createGatewayClient({ url: url.base, key: loaded.key, fetch: io.fetch, signal });
    const serviceQuery = options.service === undefined ? {} : { service: options.service };
    const ask = <Data>(question: Asked<Data>, idempotencyKey: string | null) =>
      client.ask<Data>({
        ...{ method: 'GET', patienceMs: PATIENCE_MS, idempotencyKey },
        ...question,
        query: { ...serviceQuery, ...question.query },
      });
    const idempotencyKey = parseKey(options.idempotencyKey) ?? makeKey(io);
    return await run({
      idempotencyKey,
      read: (question) => ask(question, null),
      write: (question) => ask(question, idempotencyKey),
      download: (question) =>
        client.download({
          ...question,
          query: { ...serviceQuery, ...question.query },
          patienceMs: DOWNLOAD_PATIENCE_MS,
        }),
      tell: (json, lines) =>
        void io.stdout.write(options.json ? `${JSON.stringify(json, null, 2)}\n` : `${lines.join('\n')}\n`),
      say: (words) => {
        if (!options.json) say(words);
      },
    });
  } catch (error) {
    return tellError(io, options, error, signal);
  }
}

function tellError(io: CliIo, options: OperatorOptions, error: unknown, signal: AbortSignal): number {
  const say = (words: string) => void io.stderr.write(`${words}\n`);
  if (error instanceof UsageError) {
    say(`error: ${error.message}`);
    return EXIT.usage;
  }
  if (error instanceof GatewayRefusal) {
    const { problem } = error;
    if (options.json) io.stdout.write(`${JSON.stringify(problem.json ?? null, null, 2)}\n`);
    io.stderr.write(formatProblem(problem, options.url.replace(/\/+$/, ''), 'operator'));
    sayHowToRepeat(say, error.idempotencyKey);
    return problem.code === 'invalid-request' ? EXIT.usage : EXIT.failure;
  }
  if (error instanceof GatewayAway) {
    say(printable(error.message));
    sayHowToRepeat(say, error.idempotencyKey);
    return EXIT.failure;
  }
  if (signal.aborted) {
    say('interrupted; what was under way may have been done');
    if (error instanceof GatewayInterrupted) sayHowToRepeat(say, error.idempotencyKey);
    return EXIT.interrupted;
  }
  throw error;
}

/** Of a write that may have been made; without its key another run would make it twice. */
function sayHowToRepeat(say: (words: string) => void, idempotencyKey: string | null): void {
  if (idempotencyKey === null) return;
  // Parts of an import have keys of their own behind the dot.
  const again = `--idempotency-key ${idempotencyKey.replace(/\.\d+$/, '')}`;
  say(`It may have been done all the same. Run the command again with ${again}: then it is done once.`);
}

/** A header cannot carry more; the gateway has the last word. */
function parseKey(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (/^[\x21-\x7e]{1,200}$/.test(text)) return text;
  throw new UsageError('--idempotency-key must be 1 to 200 printable ASCII characters without blanks');
}

function makeKey(io: CliIo): string {
  return `cli-${Buffer.from(io.config.randomBytes(KEY_BYTES)).toString('base64url')}`;
}
