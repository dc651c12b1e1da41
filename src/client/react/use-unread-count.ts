import { useSyncExternalStore } from 'react';
import type { UnreadSnapshot } from '../index.ts';
import { useGate } from './chat-gate-provider.ts';

const NOTHING: UnreadSnapshot = { count: null, asOf: null, stale: false };
const nothing = () => NOTHING;
const subscribeToNothing = () => nothing;

/** How many messages wait, without a connection. Null while it is not known, and without the gate's option `unread`. */
export function useUnreadCount(): UnreadSnapshot {
  const { unread } = useGate();
  const get = unread?.getSnapshot ?? nothing;
  return useSyncExternalStore(unread?.subscribe ?? subscribeToNothing, get, get);
}
