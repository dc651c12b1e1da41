#!/usr/bin/env node
// Builds browser/mau-guard-client.js, for pages without a bundler, and says how large the browser half is.
// Quiet when nothing has changed.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { bundleClient, gzippedBytes, LIMITS } from './bundle-client.js';

const FILE = resolve(import.meta.dirname, '../browser/mau-guard-client.js');
const PARTS = ['createChatGate', 'createGuests', 'TokenSource', 'ChatGateError'];

const text = await bundleClient({ entry: 'index.ts', uses: PARTS });
if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== text) {
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, text);
  for (const limit of LIMITS) {
    const bytes = gzippedBytes(await bundleClient(limit));
    process.stderr.write(`client: ${bytes} of ${limit.bytesMax} bytes gzipped, ${limit.name}\n`);
  }
}
