import { GatewayError } from '../../../domain/gateway-error.ts';
import { type LedgerTrouble, LedgerUnavailable } from '../../../domain/ledger-unavailable.ts';

/** A server in one of these states says so itself. A script's own words may precede the code. */
const REFUSES =
  /\b(OOM|READONLY|MASTERDOWN|NOREPLICAS|LOADING|CLUSTERDOWN|TRYAGAIN|MISCONF|BUSY|NOAUTH|WRONGPASS|NOPERM)\b/;
/** Words of ioredis when it has tried again often enough; the server's own follow. */
const TRIED_AGAIN = /^Too many Cluster redirections/;
/** Words of ioredis for a call that waited for an answer. */
const LATE = /^(Command timed out|Socket timeout)/;
/** Words of ioredis for a call that was not sent, or whose connection ended. */
const UNREACHABLE =
  /enableOfflineQueue|^Connection is closed|due to connection close|max retries per request|^Failed to refresh slots|startup nodes|is disconnect(ed|ing)|sentinels are unreachable/i;
/** Codes of the network for the same. */
const NETWORK_CODES = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['EHOSTUNREACH', 'ENETUNREACH'],
]);

/**
 * Whatever a call threw, as the one failure the gateway knows: of a known kind and in a short sentence, or with what was
 * thrown as its cause, since that may be a defect.
 */
export function toLedgerError(operation: string, cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const known = recognise(cause, message);
  if (known !== null) return new LedgerUnavailable(known[0], `redis ${operation}: ${known[1]}`);
  return new GatewayError('ledger-unavailable', `redis ${operation}: ${message}`, { cause });
}

function recognise(cause: unknown, message: string): [LedgerTrouble, string] | null {
  if (!(cause instanceof Error)) return null;
  const { name } = cause;
  const code = 'code' in cause ? String(cause.code) : '';
  if (name === 'ReplyError' || TRIED_AGAIN.test(message)) {
    const [refused] = REFUSES.exec(message) ?? [];
    return refused === undefined ? null : ['refuses', `it answers ${refused}`];
  }
  if (LATE.test(message)) return ['late', 'no answer in time'];
  if (NETWORK_CODES.has(code)) return ['unreachable', `not connected (${code})`];
  return UNREACHABLE.test(message) ? ['unreachable', 'not connected'] : null;
}
