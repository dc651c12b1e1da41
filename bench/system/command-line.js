import { parseArgs } from 'node:util';
import { say } from './progress.js';

const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;

/** A command line that makes no sense. */
export class UsageError extends Error {}

/**
 * Runs one of the programs beside the product: reads its options, prints its usage when asked or misled, and turns
 * what comes of it into an exit code.
 *
 * @param {object} program
 * @param {string} program.usage
 * @param {(args: string[]) => Options | 'help'} program.parseOptions throws {@link UsageError}
 * @param {(options: Options) => Promise<boolean>} program.run false when something did not hold
 * @template Options
 */
export async function runProgram({ usage, parseOptions, run }) {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options === 'help') process.stdout.write(usage);
    else if (!(await run(options))) process.exitCode = EXIT_FAILURE;
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${usage}`);
      process.exitCode = EXIT_USAGE;
    } else {
      // Only the stack: a client of Redis hangs whole commands on the errors it throws.
      say(`failed: ${error.stack}`);
      process.exitCode = EXIT_FAILURE;
    }
  }
}

/**
 * The options of a command line, as `parseArgs` gives them.
 *
 * @param {string[]} args
 * @param {{ flags?: string[], texts?: string[], lists?: string[] }} names
 * @returns {Record<string, any>}
 */
export function readArguments(args, { flags = [], texts = [], lists = [] }) {
  const typed = (names, type, multiple = false) => names.map((name) => [name, { type, multiple }]);
  const options = Object.fromEntries([
    ...typed(flags, 'boolean'),
    ...typed(texts, 'string'),
    ...typed(lists, 'string', true),
  ]);
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(error.message);
  }
}

/**
 * The parts that were chosen, in the order in which they run; all unless told.
 *
 * @param {readonly string[]} parts
 * @param {string[] | undefined} only
 */
export function readParts(parts, only = [...parts]) {
  const unknown = only.find((part) => !parts.includes(part));
  if (unknown !== undefined) throw new UsageError(`--only ${unknown}: must be one of ${parts.join(', ')}`);
  return parts.filter((part) => only.includes(part));
}

/**
 * @param {string} name of the option
 * @param {string | undefined} text
 * @param {number} fallback when the option was not given
 * @param {{ min: number, max: number, whole?: boolean }} range
 */
export function readNumber(name, text, fallback, { min, max, whole = false }) {
  const value = text === undefined ? fallback : /^\d{1,10}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max && !(whole && !Number.isInteger(value))) return value;
  const kind = whole ? 'whole number' : 'number';
  throw new UsageError(`--${name} ${text ?? fallback}: must be a ${kind} from ${min} to ${max}`);
}
