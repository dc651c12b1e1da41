/** Reads when first asked and gives everybody the same answer or failure: several checks look at one reading. */
export function once<Facts>(read: () => Promise<Facts>): () => Promise<Facts> {
  let reading: Promise<Facts> | null = null;
  return () => {
    reading ??= read();
    return reading;
  };
}
