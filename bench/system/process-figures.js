import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

let ticksPerSecond = null;

/**
 * CPU time that a process has used so far, all threads, user and system, in µs; null where there is no /proc.
 * The kernel counts in ticks of usually 10 ms.
 *
 * @param {number} pid
 */
export function cpuMicroseconds(pid) {
  const text = readProc(pid, 'stat');
  if (text === null) return null;
  // The second field is the program's name in parentheses and may hold blanks.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])];
  ticksPerSecond ??= Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout) || 100;
  return ((userTicks + systemTicks) / ticksPerSecond) * 1e6;
}

/**
 * The same of a process and all that it started, as far as they still run.
 *
 * @param {number} pid
 */
export function treeCpuMicroseconds(pid) {
  const own = cpuMicroseconds(pid);
  if (own === null) return null;
  const children = (readProc(pid, `task/${pid}/children`) ?? '').split(' ').filter(Boolean).map(Number);
  return children.reduce((sum, child) => sum + (treeCpuMicroseconds(child) ?? 0), own);
}

/**
 * Resident memory of a process in bytes; null where there is no /proc.
 *
 * @param {number} pid
 */
export function residentBytes(pid) {
  const text = readProc(pid, 'status');
  const found = text === null ? null : /^VmRSS:\s+(\d+) kB$/m.exec(text);
  return found ? Number(found[1]) * 1024 : null;
}

function readProc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return null;
  }
}
