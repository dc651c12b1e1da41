import { createElement, StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createChatGate, type SdkClientLike } from '../../src/client/index.ts';
import {
  ChatGateProvider,
  useChatGate,
  useConversationsClient,
  useUnreadCount,
} from '../../src/client/react/index.ts';
import { createFakeSdk, createFakeTokenSource } from '../../src/client/testing/index.ts';

// Runs in the browser: a React app in strict mode, with a chat that opens and closes. Tests reach it as `window.app`.

const source = createFakeTokenSource();
const sdk = createFakeSdk();
const gate = createChatGate<SdkClientLike>({ tokenSource: source, loadSdk: sdk.load });
const seen = { renders: 0, mounts: 0, withClient: 0 };

function Chat() {
  const { client, snapshot } = useConversationsClient({ when: true });
  if (client) seen.withClient += 1;
  return createElement('p', { id: 'chat' }, `${snapshot.phase} ${client ? 'with' : 'without'} a client`);
}

function Shop({ round }: { round: number }) {
  const [open, setOpen] = useState(false);
  const { snapshot } = useChatGate();
  const { count } = useUnreadCount();
  seen.renders += 1;
  return createElement(
    'main',
    { 'data-round': round },
    createElement('p', { id: 'phase' }, snapshot.phase),
    createElement('p', { id: 'unread' }, String(count)),
    createElement('button', { id: 'toggle', type: 'button', onClick: () => setOpen(!open) }, 'Chat'),
    // A key that changes mounts anew, as a hot reload does.
    open ? createElement(Chat, { key: round }) : null,
    open ? createElement(Chat, { key: `twin ${round}` }) : null,
  );
}

declare const document: { getElementById(id: string): never };
const root = createRoot(document.getElementById('root'));
const render = (round: number) =>
  root.render(
    createElement(
      StrictMode,
      null,
      createElement(ChatGateProvider, { gate }, createElement(Shop, { round })),
    ),
  );
render(0);

Object.assign(globalThis, {
  app: {
    render,
    unmount: () => root.unmount(),
    report: () => ({
      ...seen,
      phase: gate.getSnapshot().phase,
      requests: source.requests.length,
      clients: sdk.clients.length,
      alive: sdk.alive().length,
    }),
  },
});
