/** `1,234.50`: as many decimals as the amount has, at least 2. */
export function formatUsd(dollars: number): string {
  return dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 6 });
}
