import type { CountingRules } from '../domain/counting-rules.ts';
import type { Reckoning } from '../domain/reckoning.ts';
import { refusedQuery } from './operator-query.ts';
import type { Problem } from './problem.ts';

/** The counting rules that a query asks for by version, those in force unless told; else `invalid-request`. */
export function findRules({ rules, ruleSets }: Reckoning, asked: string | null): CountingRules | Problem {
  if (asked === null) return rules;
  const found = ruleSets.find(({ version }) => version === asked);
  const known = ruleSets.map(({ version }) => version).join(', ');
  return found ?? refusedQuery([{ pointer: '?rules', detail: `Must be one of ${known}.` }]);
}
