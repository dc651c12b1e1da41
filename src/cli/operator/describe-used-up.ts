/** What a used-up budget of the current month means and what to do, for standard error. */
export function describeUsedUp(mode: string): string {
  const means =
    mode === 'block'
      ? 'newcomers are refused; people counted this month are served.'
      : 'newcomers are let in all the same, since it only warns.';
  return `The budget is used up: ${means}\nTo allow more: mau-guard budget raise <identities> --until month-end --reason "…"`;
}
