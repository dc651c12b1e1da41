import type { Command } from 'commander';
import { UsageError } from './usage-error.ts';

/** What every command of an operator takes. */
export interface OperatorOptions {
  /** Base URL of the gateway. */
  url: string;
  /** Name of the service; the gateway's default unless told. */
  service?: string;
  json?: true;
  idempotencyKey?: string;
}

/** What every command that changes something takes. */
export interface WriteOptions extends OperatorOptions {
  reason?: string;
}

export const DEFAULT_URL = 'http://127.0.0.1:3000';

export function addOperatorOptions(command: Command): Command {
  return command
    .option('--url <url>', 'base URL of the running gateway', DEFAULT_URL)
    .option('--service <name>', 'which Conversations service')
    .option('--json', "print the API's object");
}

export function addWriteOptions(command: Command): Command {
  return addOperatorOptions(command)
    .option('--reason <text>', 'why, for the audit log; needed')
    .option('--idempotency-key <key>', 'of an earlier try, to do it once only');
}

/**
 * The reason of a write. Not an option that is required by name: those who leave it out should learn what it is for.
 *
 * @throws UsageError without one
 */
export function requireReason({ reason }: WriteOptions): string {
  if (reason !== undefined && reason.trim() !== '') return reason;
  throw new UsageError(
    'say why with --reason, such as --reason "sale of the week"; it goes into the audit log',
  );
}
