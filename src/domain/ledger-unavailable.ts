import { GatewayError } from './gateway-error.ts';

/** Why the ledger is of no use at the moment. Each is a known kind of outage, never a defect of ours. */
export type LedgerTrouble = keyof typeof SAYS;

const NOBODY_COUNTED = 'and without it nobody can be counted. This is not an exhausted budget.';

/** What callers are told of each: without addresses, commands and numbers of ours. */
const SAYS = {
  late: `The ledger did not answer in time, ${NOBODY_COUNTED}`,
  unreachable: `The ledger cannot be reached, ${NOBODY_COUNTED}`,
  refuses: `The ledger answers, but takes nothing at present, ${NOBODY_COUNTED}`,
  'few-replicas':
    'Too few replicas of the ledger have what was written, so that it may not last. This is not an exhausted budget.',
  'newcomers-wait':
    'The ledger may have lost data. Nobody new is counted until it has been told again what is known of the month, ' +
    'mostly for some seconds. This is not an exhausted budget.',
  'changes-wait':
    'The ledger has lost data and is told again what it had. Changes wait until that is done, mostly for some seconds.',
} as const;

/** The ledger is away, or not yet to be trusted. Expected to happen, so the log has one line of it and no stack. */
export class LedgerUnavailable extends GatewayError {
  readonly trouble: LedgerTrouble;
  /** For callers. */
  readonly says: string;

  /** @param internalDetail for the log; no identities */
  constructor(trouble: LedgerTrouble, internalDetail: string) {
    super('ledger-unavailable', internalDetail);
    this.name = 'LedgerUnavailable';
    this.trouble = trouble;
    this.says = SAYS[trouble];
  }
}
