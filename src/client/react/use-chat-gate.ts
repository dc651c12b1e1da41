import { useSyncExternalStore } from 'react';
import type { ChatGate, SdkClientLike, Snapshot } from '../index.ts';
import { useGate } from './chat-gate-provider.ts';

export interface ChatGateHandle<C extends SdkClientLike> {
  readonly snapshot: Snapshot;
  /** For a deliberate act, such as a click on the chat. */
  readonly connect: ChatGate<C>['connect'];
  readonly disconnect: ChatGate<C>['disconnect'];
}

/** What the gate does, and its door. Does not connect. */
export function useChatGate<C extends SdkClientLike = SdkClientLike>(): ChatGateHandle<C> {
  const { subscribe, getSnapshot, connect, disconnect } = useGate<C>();
  return { snapshot: useSyncExternalStore(subscribe, getSnapshot, getSnapshot), connect, disconnect };
}
