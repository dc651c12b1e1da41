/** The flags that go before the environment, those that were typed only. */
export function typedFlags(options: {
  port?: string;
  host?: string;
  config?: string;
}): Record<string, string> {
  const { port, host, config } = options;
  return Object.fromEntries(
    Object.entries({ port, host, config }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}
