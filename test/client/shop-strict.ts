import { createElement, StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createChatGate, type SdkClientLike, TokenSource } from '../../src/client/index.ts';
import { ChatGateProvider, useConversationsClient } from '../../src/client/react/index.ts';

// Runs in the browser: two React apps in strict mode, with the real SDK. Tests reach them as `window.strict`.

/** Of the page's own server; the compiler knows nothing there. */
const SDK: string = '/sdk-v3.js';
const loadSdk = () => import(SDK);
const headers = (person: string) => ({ Authorization: `Bearer login-of-${person}` });

function Lazy() {
  const { client, snapshot } = useConversationsClient({ when: true });
  return createElement('p', { id: 'state' }, `${snapshot.phase} ${client?.connectionState ?? 'without'}`);
}

/** As it stands in many an app: a client for every mount. */
function Eager({ person, clientOptions }: { person: string; clientOptions: object }) {
  const [state, setState] = useState('none');
  useEffect(() => {
    void (async () => {
      const init = { method: 'POST', headers: { ...headers(person), 'Content-Type': 'application/json' } };
      const answer = await fetch('/v1/tokens', { ...init, body: '{"intent":"open_chat"}' });
      const { token } = (await answer.json()) as { token: string };
      const { Client } = await loadSdk();
      const client = new Client(token, clientOptions);
      client.on('connectionStateChanged', (now: string) => setState(now));
    })();
  }, [person, clientOptions]);
  return createElement('p', { id: 'state' }, state);
}

declare const document: { getElementById(id: string): never };

function mount(kind: 'lazy' | 'eager', person: string, twilsock: string): void {
  const clientOptions = { Twilsock: { uri: twilsock } };
  const gate = createChatGate<SdkClientLike>({
    tokenSource: TokenSource.endpoint('/v1/tokens', { headers: headers(person) }),
    ...{ loadSdk, clientOptions, user: () => person },
  });
  const chat =
    kind === 'lazy'
      ? createElement(ChatGateProvider, { gate }, createElement(Lazy))
      : createElement(Eager, { person, clientOptions });
  createRoot(document.getElementById('root')).render(createElement(StrictMode, null, chat));
}

Object.assign(globalThis, { strict: { mount } });
