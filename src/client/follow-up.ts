import type { Phase } from './chat-gate.ts';
import { ChatGateError } from './error.ts';
import type { Want } from './token-keeper.ts';

/** How to go on with what was connected before. */
export const RECONNECT: Want = { reason: 'reconnect', intent: 'refresh' };

/** After trouble, before anything is done that nobody asked for; and between two tokens, ms. */
export const QUIET_MS = 30_000;

/** Later than any instant. */
export const NEVER = 9e15;

/** Codes of what may be one odd answer, such as a proxy's: who was connected goes on after it. */
export const ODD_ANSWER = /^(gate|not_|token)/;

/** Which phase an error leads to. */
export function phaseAfter({ problem, status, retryable }: ChatGateError, isOnline: boolean): Phase {
  if (retryable && !isOnline) return 'offline';
  if (problem?.code === 'lazy-connect-required') return 'paused';
  return status === 403 && problem?.code ? 'blocked' : 'failed';
}

/** What the gateway would say of a hidden tab. */
export function notSeen(): ChatGateError {
  const problem = { code: 'lazy-connect-required', when: 'visible' };
  return new ChatGateError('refused', { retryable: true, problem });
}
