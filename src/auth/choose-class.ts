import type { ClassOptions, ClassRule } from './options.ts';
import { readClaim } from './read-claim.ts';

/**
 * The class of a person by verified claims.
 *
 * @param claimName the claim that may name a class, null for none
 */
export type ClassChooser = (claims: Record<string, unknown>, claimName: string | null) => string;

/**
 * Builds the choice: the first class whose rules all hold; else the one that the claim names; else the default, the
 * first class without rules. A class with rules is had by its rules alone.
 */
export function createClassChooser(classes: readonly ClassOptions[]): ClassChooser {
  const ruled = classes.flatMap(({ name, when }) => (when ? [{ name, rules: when }] : []));
  const [byDefault = '', ...others] = classes.filter(({ when }) => !when).map(({ name }) => name);
  return (claims, claimName) => {
    const fitting = ruled.find(({ rules }) =>
      rules.every((rule) => holds(rule, readClaim(claims, rule.claim))),
    );
    if (fitting !== undefined) return fitting.name;
    return claimName === null ? byDefault : (nameOf(readClaim(claims, claimName), others) ?? byDefault);
  };
}

/**
 * Of a list, the first *declared* class counts, whatever the order in the token: issuers do not promise one, and a
 * class that flips between two tokens of a person may flip the identity.
 */
function nameOf(value: unknown, classNames: readonly string[]): string | undefined {
  const named = Array.isArray(value) ? value : [value];
  return classNames.find((name) => named.includes(name));
}

function holds(rule: ClassRule, value: unknown): boolean {
  if ('equals' in rule) return value === rule.equals;
  if ('in' in rule) return rule.in.some((each) => each === value);
  if ('contains' in rule) {
    const entries = typeof value === 'string' ? value.split(' ') : value;
    return Array.isArray(entries) && entries.includes(rule.contains);
  }
  if ('endsWith' in rule) {
    return typeof value === 'string' && value.toLowerCase().endsWith(rule.endsWith.toLowerCase());
  }
  return value !== undefined && value !== null;
}
