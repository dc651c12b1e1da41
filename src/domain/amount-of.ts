/**
 * A count with its noun in English: `1 identity`, `2,000 identities`.
 * @param many default: `one` with an s
 */
export function amountOf(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
