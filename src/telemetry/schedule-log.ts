import { LedgerUnavailable } from '../domain/ledger-unavailable.ts';
import type { Logger } from './logger.ts';

/** Takes what a schedule failed by; `part` is the service, with the month where it is about one. Must not throw. */
export type ScheduleFailureSink = (part: string, failure: unknown) => void;

/** One line for a failure that nobody else tells of: WARN while the ledger is away, ERROR for a defect. */
export function createScheduleFailureSink(logger: Logger, schedule: string): ScheduleFailureSink {
  return (part, failure) => {
    const level = failure instanceof LedgerUnavailable ? 'warn' : 'error';
    logger[level]({ event: 'schedule.failed', schedule, part, err: failure });
  };
}
