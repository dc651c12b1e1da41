import type { ConfigFault } from './config-fault.ts';
import type { EnvironmentInput } from './environment-input.ts';
import { createFindings } from './findings.ts';
import { readEnvironment } from './read-environment.ts';

const NAME = 'MAU_OPS_KEY';

/**
 * The key with which a command asks a running gateway, from `MAU_OPS_KEY` or `MAU_OPS_KEY_FILE`. Other variables may
 * be at fault: they configure a gateway, not the one who asks it.
 */
export function loadOpsKey(
  input: EnvironmentInput,
): { ok: true; key: string } | { ok: false; faults: ConfigFault[] } {
  const findings = createFindings();
  const read = readEnvironment(input, {}, findings).secretNamed(NAME);
  if (typeof read === 'object') {
    const key = read.value.trim();
    // It goes into a header; a line break in it would be refused there without a word about where it came from.
    if (/^[\x21-\x7e]+$/.test(key)) return { ok: true, key };
    const fault = { where: NAME, expected: 'printable ASCII without blanks', found: 'something else' };
    return { ok: false, faults: [fault] };
  }
  const faults = findings.faults.filter(({ where }) => where.startsWith(NAME));
  if (faults.length > 0) return { ok: false, faults };
  const hint = '`mau-guard keys new --role admin` makes one; its hash goes into OPS_API_KEYS of the gateway';
  return { ok: false, faults: [{ where: NAME, expected: 'the key of an operator', found: 'nothing', hint }] };
}
