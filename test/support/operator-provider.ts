import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = join(import.meta.dirname, '../e2e/fixtures/operator-provider.js');

/** Starts a real OpenID provider for operators in a process of its own, which ends with this one at the latest. */
export async function startOperatorProvider(): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, url] = line.split(' ');
    if (word !== 'issuer' || url === undefined) continue;
    return {
      url,
      async stop() {
        child.stdin.end();
        await exited;
      },
    };
  }
  throw new Error('the provider ended before it listened');
}
