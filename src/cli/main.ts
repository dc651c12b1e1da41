#!/usr/bin/env -S node --max-semi-space-size=32 --single-threaded-gc
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { readProcessInput } from '../config/process-input.ts';
import { endWithOutput } from './end-with-output.ts';
import { run } from './run.ts';

const manifest = new URL('../../package.json', import.meta.url);

endWithOutput(process);
process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  config: readProcessInput(),
  version: (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version,
  // Loaded only now, so that help and key making do not wait for the whole gateway.
  async serve(options) {
    const { serve } = await import('../main.ts');
    return serve(options);
  },
  fetch,
  readStdin: () => text(process.stdin),
  interruption() {
    const controller = new AbortController();
    // Once: a second Ctrl-C ends the process at once.
    process.once('SIGINT', () => controller.abort(new Error('interrupted')));
    return controller.signal;
  },
  elapsed: () => performance.now(),
});
