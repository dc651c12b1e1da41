import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FINANCE_KEY } from '../http/gateway-config.js';
import { GATEWAY } from '../product.js';
import { endChild, startChild } from '../system/children.js';
import { cpuMicroseconds, residentBytes } from '../system/process-figures.js';

const NEW_LINE = 0x0a;
const EVERY_MS = 10;

/**
 * Runs `mau-guard export --out` against a running gateway, as an operator would, start of the process included.
 *
 * @param {{ port: number, month: string, service: string, folder: string, core: number | null }} options
 * @returns {Promise<{ seconds: number, cpuSeconds: number, bytes: number, lines: number, growthBytes: number | null }>}
 *   `growthBytes`: of the command's own memory, from its first part on; `cpuSeconds`: of the command alone
 */
export async function exportByCommand({ port, month, service, folder, core }) {
  const out = join(folder, 'by-command.csv');
  await rm(out, { force: true });
  const startedAt = performance.now();
  const child = await startChild(
    process.execPath,
    [
      ...[GATEWAY, 'export', '--url', `http://127.0.0.1:${port}`, '--service', service],
      ...['--month', month, '--format', 'csv', '--out', out],
    ],
    { core, cwd: folder, env: { MAU_OPS_KEY: FINANCE_KEY }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  let [first, peak, cpu] = [null, 0, 0];
  const timer = setInterval(() => {
    const now = residentBytes(child.pid);
    cpu = cpuMicroseconds(child.pid) ?? cpu;
    if (now === null || sizeOf(`${out}.part`) === 0) return;
    first ??= now;
    peak = Math.max(peak, now);
  }, EVERY_MS);
  try {
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`the export command ended with ${code}: ${said}`);
  } finally {
    clearInterval(timer);
    await endChild(child);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const lines = await countLines(out);
  const bytes = sizeOf(out);
  await rm(out);
  return { seconds, cpuSeconds: cpu / 1e6, bytes, lines, growthBytes: first === null ? null : peak - first };
}

function sizeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

async function countLines(path) {
  let lines = 0;
  for await (const chunk of createReadStream(path)) {
    for (let at = chunk.indexOf(NEW_LINE); at >= 0; at = chunk.indexOf(NEW_LINE, at + 1)) lines += 1;
  }
  return lines;
}
