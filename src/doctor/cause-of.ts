/** What `fetch` says is only that it failed; why stands in what it hangs on the error. */
export function causeOf(thrown: unknown): { code: string | null; message: string } {
  const { cause } = (thrown ?? {}) as { cause?: unknown };
  const deepest = isError(cause) ? cause : thrown;
  if (!isError(deepest)) return { code: null, message: String(deepest) };
  const { code, message, name } = deepest as { code?: unknown; message: string; name: string };
  return { code: typeof code === 'string' ? code : null, message: message === '' ? name : message };
}

/** Errors of the runtime itself need not be instances of our `Error`. */
function isError(value: unknown): value is { message: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { message?: unknown }).message === 'string'
  );
}
