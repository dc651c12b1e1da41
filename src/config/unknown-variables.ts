import { distance } from 'fastest-levenshtein';
import type { Findings } from './findings.ts';
import { VARIABLE_NAMES, variable } from './variables.ts';

const OURS = /^(MAU_|TWILIO_|REDIS_|AUTH_|OPS_|LEDGER|TOKEN_)/;

/** Names that are near to ours but have a meaning of their own. */
const OTHERS = ['NODE_ENV', 'MAU_OPS_KEY', 'MAU_OPS_KEY_FILE'];

/** Nobody else's begin so, besides those of scripts around a deployment. */
const OURS_ALONE = /^MAU_(?!GUARD_)/;

/** What Kubernetes tells every container of a service, whose name may begin as ours do. */
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_\w+)?)$/;

/**
 * Finds variables that are most likely a misspelling of one of ours, and those that can only be ours. Other software's variables with the
 * same beginning, such as TWILIO_PHONE_NUMBER or REDIS_PORT, are none of our business, and neither are
 * numbered ones such as TWILIO_API_KEY_SECRET_2.
 *
 * @param named secrets that the config file refers to
 */
export function findUnknownVariables(
  names: readonly string[],
  named: readonly string[],
  findings: Findings,
): void {
  const plain = VARIABLE_NAMES.flatMap(spellingsOf);
  const secrets = VARIABLE_NAMES.filter((name) => variable(name).secret).flatMap(spellingsOf);
  const targets = [...plain, ...[...secrets, ...named].map((name) => `${name}_FILE`), ...OTHERS];
  const known = new Set([...targets, ...named]);
  for (const name of names) {
    if (known.has(name)) continue;
    const bare = name.replace(/_FILE$/, '');
    if (bare !== name && plain.includes(bare)) {
      const hint = 'only secrets may be given as a file';
      findings.fault({ where: name, expected: `${bare} itself`, found: 'the name of a file', hint });
      continue;
    }
    const nearest = nearestTo(name, targets);
    if (nearest === null && (!OURS_ALONE.test(name) || SERVICE_LINK.test(name))) continue;
    const hint = nearest === null ? 'there is none like it: take it away' : `did you mean ${nearest}?`;
    findings.fault({ where: name, expected: 'a known variable', found: 'an unknown one', hint });
  }
}

function spellingsOf(name: (typeof VARIABLE_NAMES)[number]): string[] {
  return [name, ...(variable(name).aliases ?? [])];
}

/** The same words in another order are as near as can be. */
function nearestTo(name: string, targets: readonly string[]): string | null {
  const reordered = targets.find((target) => wordsOf(target) === wordsOf(name));
  if (reordered !== undefined) return reordered;
  const reach = reachOf(name);
  let nearest: string | null = null;
  let best = reach + 1;
  for (const target of targets) {
    if (Math.abs(target.length - name.length) > reach) continue;
    const edits = distance(name, target);
    if (edits < best) [nearest, best] = [target, edits];
  }
  return nearest;
}

function wordsOf(name: string): string {
  return name.split('_').sort().join('_');
}

/** Edits that still count as a slip. Short names have honest neighbours (LEDGER_PORT), other families even more. */
function reachOf(name: string): number {
  if (/\d$/.test(name)) return 0;
  if (!OURS.test(name)) return name.length >= 11 ? 2 : 0;
  if (name.length <= 12) return 1;
  return name.length < 16 ? 2 : 3;
}
