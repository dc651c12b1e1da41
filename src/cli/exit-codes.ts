/** What the exit codes of every command mean. */
export const EXIT = {
  ok: 0,
  failure: 1,
  /** Wrong use, or a fault of the configuration. */
  usage: 2,
  /** `doctor` found errors. */
  unwell: 3,
  /** The budget is used up: newcomers are, or would be, refused. */
  overBudget: 4,
  /** Ended by Ctrl-C. */
  interrupted: 130,
} as const;
