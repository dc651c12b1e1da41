/** What the exit codes of every command mean. */
export const EXIT = {
  ok: 0,
  failure: 1,
  /** Wrong use, or a fault of the configuration. */
  usage: 2,
} as const;
