import { GatewayError } from '../../../src/domain/gateway-error.ts';
import { Journal } from '../../../src/ledger/journal/journal.ts';
import { drainNumbers } from './drain-numbers.ts';

/**
 * Appends until nothing is taken any more, and prints what became of each record, a line of JSON each. Then it is killed
 * by itself; or it settles everything, prints what that was, and appends once more. Arguments: the path, `die` or `go-on`.
 */
const IN_FLIGHT = 16;
/** A short record may still find room where a long one did not. */
const REFUSALS_ENOUGH = 200;

const [path = '', end = ''] = process.argv.slice(2);
const journal = new Journal({ path, bytesMax: 64 * 1024 * 1024 });
let count = 0;
let refusals = 0;

async function append(): Promise<void> {
  const number = count++;
  try {
    await journal.append(`${number} ${'x'.repeat(number % 500)}`);
    print({ taken: number });
  } catch (error) {
    refusals += 1;
    print({ refused: error instanceof GatewayError ? error.code : String(error) });
  }
}

async function appendUntilFull(): Promise<void> {
  while (refusals < REFUSALS_ENOUGH) await append();
}

function print(line: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

await Promise.all(Array.from({ length: IN_FLIGHT }, appendUntilFull));
if (end === 'die') process.kill(process.pid, 'SIGKILL');
print({ kept: await drainNumbers(journal) });
await append();
await journal.close();
