/** Twilio's browser build is a script that makes one global. Loaded once, and not before it is wanted. */
let loaded;

export function loadSdk() {
  loaded ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    // Beside this file, whatever page asks.
    script.src = new URL('sdk.js', import.meta.url).href;
    script.onload = () => resolve(globalThis.Twilio.Conversations);
    script.onerror = () =>
      reject(new Error('Twilio’s SDK is not installed here: npm install @twilio/conversations'));
    document.head.append(script);
  });
  return loaded;
}
