const NUMBER = new Intl.NumberFormat('en-US');

/**
 * A count with its noun in English: `1 identity`, `2,000 identities`.
 * @param many default: `one` with an s
 */
export function amountOf(count: number, one: string, many = `${one}s`): string {
  return `${NUMBER.format(count)} ${count === 1 ? one : many}`;
}
