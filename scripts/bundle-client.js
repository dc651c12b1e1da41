// What a bundler makes of the browser half, and how large that is.
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const SRC = resolve(import.meta.dirname, '../src/client');

/** Most that each part may weigh, minified and gzipped, in bytes. */
export const LIMITS = [
  {
    name: 'token and connection core',
    entry: 'index.ts',
    uses: ['createCoreGate', 'endpointSource'],
    bytesMax: 4096,
  },
  {
    name: 'everything: tabs, page, guests, unread, beacons',
    entry: 'index.ts',
    uses: ['createChatGate', 'createGuests'],
    bytesMax: 6656,
  },
  {
    name: 'React half',
    entry: 'react/index.ts',
    uses: ['ChatGateProvider', 'useChatGate', 'useConversationsClient', 'useUnreadCount'],
    bytesMax: 819,
  },
];

/**
 * An ES module for browsers with what an app uses of an entry, the rest shaken off. React and the SDK stay outside.
 *
 * @param {{ entry: string, uses: readonly string[] }} part
 * @returns {Promise<string>}
 */
export async function bundleClient({ entry, uses }) {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { ${uses.join(', ')} } from ${JSON.stringify(join(SRC, entry))};`,
      resolveDir: SRC,
    },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['react', '@twilio/conversations'],
  });
  return outputFiles[0].text;
}

/** @param {string} text */
export function gzippedBytes(text) {
  return gzipSync(text, { level: 9 }).length;
}
