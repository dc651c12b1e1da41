import type { EstimateInput } from '../../reports/money/estimate-input.ts';

/** As they were typed. */
export interface EstimateFlags {
  customers?: string;
  agents?: string;
  messages?: string;
  messageRate?: string;
  threads?: string;
  directRate?: string;
}

const COUNT_MAX = 1_000_000_000;
const DOLLARS_MAX = 1_000;

/** Reads what is to be estimated; null when anything is at fault, all of which is told at once. */
export function parseEstimate(flags: EstimateFlags): { input: EstimateInput | null; faults: string[] } {
  const faults: string[] = [];
  const parse = (flag: string, text: string | undefined, read: (text: string) => number, what: string) => {
    if (text === undefined) return null;
    const value = read(text);
    if (!Number.isNaN(value)) return value;
    faults.push(`${flag} ${text}: must be ${what}`);
    return null;
  };
  const count = (flag: string, text: string | undefined) =>
    parse(flag, text, readCount, `a whole number from 0 to ${COUNT_MAX}`);
  const rate = (flag: string, text: string | undefined) =>
    parse(flag, text, readMicroDollars, `US dollars from 0 to ${DOLLARS_MAX}, at most 6 decimals`);

  const { customers, agents, threads, messages, messageRate, directRate } = flags;
  if (customers === undefined && agents === undefined && threads === undefined) {
    faults.push('say how many with --customers and --agents, or with --threads');
  }
  if (messages === undefined && (messageRate ?? directRate) !== undefined) {
    faults.push('--messages is missing: a rate alone gives nothing');
  }
  if (messages !== undefined && messageRate === undefined) {
    faults.push('--message-rate is missing: say what a message costs, such as --message-rate 0.0109');
  }
  const input: EstimateInput = {
    customers: count('--customers', customers) ?? 0,
    agents: count('--agents', agents) ?? 0,
    threads: count('--threads', threads),
    messages: count('--messages', messages) ?? 0,
    messageMicroDollars: rate('--message-rate', messageRate) ?? 0,
    directMicroDollars: rate('--direct-rate', directRate),
  };
  return { input: faults.length > 0 ? null : input, faults };
}

function readCount(text: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value <= COUNT_MAX ? value : Number.NaN;
}

/** Digit by digit: `0.0109` is no number that a float can hold. */
function readMicroDollars(text: string): number {
  const match = /^(\d{1,4})(?:\.(\d{1,6}))?$/.exec(text);
  if (match === null) return Number.NaN;
  const micro = Number(match[1]) * 1_000_000 + Number((match[2] ?? '').padEnd(6, '0'));
  return micro <= DOLLARS_MAX * 1_000_000 ? micro : Number.NaN;
}
