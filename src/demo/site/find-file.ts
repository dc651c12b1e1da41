import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A file of the demo's pages. */
export interface DemoFile {
  type: string;
  body: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  html: 'text/html',
  svg: 'image/svg+xml',
};

/** Twilio's own browser build; it is no part of this package. */
const SDK = '@twilio/conversations/builds/twilio-conversations.min.js';

/**
 * What the demo's pages load: their own scripts and style, the browser half of this package as it was built
 * (`client/…`), and the real SDK (`sdk.js`) where it is installed. Null for anything else.
 */
export function findFile(name: string): DemoFile | null {
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1)];
  const url = addressOf(name);
  if (type === undefined || url === null) return null;
  try {
    return { type, body: readFileSync(url) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function addressOf(name: string): URL | string | null {
  if (name === 'sdk.js') return findSdk();
  // The dashboard's sign, and its colours, light and dark.
  if (name === 'icon.svg') return new URL('../../ops/icon.svg', import.meta.url);
  if (name === 'theme.css') return new URL('../../ops/styles/theme.css', import.meta.url);
  // One name without a folder, or one of the client's: nothing that could lead elsewhere.
  const ofClient = /^client\/([a-z-]+\.js)$/.exec(name);
  if (ofClient !== null) return new URL(`../../client/${ofClient[1]}`, import.meta.url);
  if (/^[a-z-]+\.js$/.test(name)) return new URL(`./browser/${name}`, import.meta.url);
  return /^[a-z-]+\.(css|html)$/.test(name) ? new URL(`./${name}`, import.meta.url) : null;
}

function findSdk(): string | null {
  try {
    return createRequire(import.meta.url).resolve(SDK);
  } catch {
    return null;
  }
}
