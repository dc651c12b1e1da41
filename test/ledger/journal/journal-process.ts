import { Journal } from '../../../src/ledger/journal/journal.ts';

/** Appends for ever, 16 at a time, and prints the number of each record that was acknowledged. Argument: the path. */
const IN_FLIGHT = 16;

const [path = ''] = process.argv.slice(2);
const journal = new Journal({ path, bytesMax: 64 * 1024 * 1024 });
process.stdout.write('open\n');

let count = 0;

async function appendForever(): Promise<never> {
  for (;;) {
    const number = count++;
    await journal.append(`${number} ${'x'.repeat(number % 500)}`);
    process.stdout.write(`${number}\n`);
  }
}

await Promise.all(Array.from({ length: IN_FLIGHT }, appendForever));
