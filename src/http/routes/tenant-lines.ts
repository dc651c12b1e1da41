import { wholeOf } from './ops-form-fields.ts';

/** Limits of tenants as a form shows them: `acme = 50`, a line each. */
export function writeTenantLines(limits: Readonly<Record<string, number>>): string {
  return Object.entries(limits)
    .map(([tenant, limit]) => `${tenant} = ${limit}`)
    .join('\n');
}

/**
 * Reads such lines. A name may hold `=`; what follows the last one is the limit. Left as they were shown they are the
 * present limits, also of names that begin or end in blanks.
 */
export function readTenantLines(
  text: string,
  present: Readonly<Record<string, number>>,
): { limits: Record<string, number> } | { faults: string[] } {
  const lines = text.replaceAll('\r\n', '\n');
  if (lines.trim() === writeTenantLines(present).trim()) return { limits: { ...present } };
  const limits = new Map<string, number>();
  const faults: string[] = [];
  for (const [index, line] of lines.split('\n').entries()) {
    if (line.trim() === '') continue;
    const at = line.lastIndexOf('=');
    const name = line.slice(0, Math.max(at, 0)).trim();
    const limit = wholeOf(line.slice(at + 1));
    if (name === '' || Number.isNaN(limit))
      faults.push(`tenants: line ${index + 1} must be a name = a number.`);
    else if (name === '__proto__')
      faults.push(`tenants: line ${index + 1} names ${name}, which cannot be kept.`);
    else if (limits.has(name)) faults.push(`tenants: line ${index + 1} names ${name} once more.`);
    else limits.set(name, limit);
  }
  return faults.length > 0 ? { faults } : { limits: Object.fromEntries(limits) };
}
