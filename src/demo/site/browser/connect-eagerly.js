import { loadSdk } from './load-sdk.js';

/** What Twilio's quickstart does: ask for a token, make a client. Resolves once the client can be used. */
export async function connectEagerly() {
  const answer = await fetch(new URL('../shops/eager/visitor', import.meta.url));
  const { socketUrl, token } = await answer.json();
  const { Client } = await loadSdk();
  const client = new Client(token, { Twilsock: { uri: socketUrl } });
  await new Promise((resolve, reject) => {
    client.once('initialized', resolve);
    client.on('initFailed', ({ error }) => {
      if (error?.terminal) reject(new Error(error.message));
    });
  });
  return client;
}
