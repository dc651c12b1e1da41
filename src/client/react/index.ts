/** The gate in React. Rendering never connects. */
export { ChatGateProvider, type ChatGateProviderProps } from './chat-gate-provider.ts';
export { type ChatGateHandle, useChatGate } from './use-chat-gate.ts';
export { useConversationsClient } from './use-conversations-client.ts';
export { useUnreadCount } from './use-unread-count.ts';
