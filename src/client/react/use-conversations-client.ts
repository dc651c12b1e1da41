import { useEffect } from 'react';
import type { SdkClientLike, Snapshot } from '../index.ts';
import { useGate } from './chat-gate-provider.ts';
import { useChatGate } from './use-chat-gate.ts';

/**
 * The client while `when` is true, which should be while the chat is open. Components that want it at the same time share
 * it; it ends when the last one is gone. A strict double mount and a hot reload do not end it.
 */
export function useConversationsClient<C extends SdkClientLike = SdkClientLike>({
  when,
}: {
  readonly when: boolean;
}): { readonly client: C | undefined; readonly snapshot: Snapshot } {
  const gate = useGate<C>();
  const { snapshot } = useChatGate<C>();
  useEffect(() => {
    if (!when) return undefined;
    const release = gate.retain();
    // What went wrong is in the snapshot.
    gate.connect().catch(() => {});
    return release;
  }, [gate, when]);
  const usable = when && snapshot.connectedAt !== undefined;
  return { client: usable ? gate.peek() : undefined, snapshot };
}
