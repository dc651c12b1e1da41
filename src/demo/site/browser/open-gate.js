import { createChatGate, TokenSource } from './client/index.js';
import { loadSdk } from './load-sdk.js';

/** A new visitor's way to a client, through mau-guard. Making it connects to nothing. */
export async function openGate() {
  const answer = await fetch(new URL('../shops/lazy/visitor', import.meta.url));
  const { socketUrl, login } = await answer.json();
  const headers = { Authorization: `Bearer ${login}` };
  return createChatGate({
    tokenSource: TokenSource.endpoint('/v1/tokens', { headers }),
    loadSdk,
    clientOptions: { Twilsock: { uri: socketUrl } },
    beacons: { url: '/v1/beacons' },
    crossTab: false,
  });
}
