import { createContext, createElement, type ReactElement, type ReactNode, useContext } from 'react';
import type { ChatGate, SdkClientLike } from '../index.ts';

// The client is whatever the app's SDK makes; a context cannot be generic.
const GateContext = createContext<ChatGate | null>(null);

export interface ChatGateProviderProps<C extends SdkClientLike> {
  /** Made once, outside of components. */
  readonly gate: ChatGate<C>;
  readonly children?: ReactNode;
}

export function ChatGateProvider<C extends SdkClientLike>(props: ChatGateProviderProps<C>): ReactElement {
  return createElement(GateContext.Provider, { value: props.gate as unknown as ChatGate }, props.children);
}

/** @throws Error outside of a provider */
export function useGate<C extends SdkClientLike>(): ChatGate<C> {
  const gate = useContext(GateContext);
  if (!gate) throw new Error('no ChatGateProvider');
  return gate as unknown as ChatGate<C>;
}
