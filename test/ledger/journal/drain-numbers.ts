import type { Journal } from '../../../src/ledger/journal/journal.ts';

/** Settles everything, and answers the number at the start of each record. Nothing may be damaged. */
export async function drainNumbers(journal: Journal): Promise<number[]> {
  const numbers: number[] = [];
  for (let slice = await journal.next(); slice !== null; slice = await journal.next()) {
    if (slice.damaged > 0) throw new Error(`${slice.damaged} damaged records`);
    numbers.push(...slice.texts.map((text) => Number.parseInt(text, 10)));
    await journal.settle(slice.end);
  }
  return numbers;
}
