import { planTokenLife } from '../../dist/domain/token-life.js';
import { CLASS } from './resolve-people.js';

/** A token that no gateway would issue today, so that none of the prefilled ones is ever handed out again. */
export const OTHER_POLICY_MARK = 0;

const CALLS_UNDER_WAY = 16;
const MINTS_PER_CALL = 64;
const LIFE_SECONDS = 3600;
const EARLIER_MS = 3_700_000;
const DAY_MS = 86_400_000;

/**
 * When prefilled people minted: more than an hour ago, but today. Somebody's first mint on a second day of the month
 * takes the ledger's long way, once a person and month, and a repeat mint is not to be measured by that.
 *
 * @param {number} nowMs
 */
export function prefillInstant(nowMs) {
  return Math.max(nowMs - EARLIER_MS, nowMs - (nowMs % DAY_MS));
}

/**
 * What one mint asks of a ledger.
 *
 * @param {{ identity: string, spread: number }} person
 * @param {{ service: string, nowMs: number, policyMark: number }} mint
 */
export function buildAdmission({ identity, spread }, { service, nowMs, policyMark }) {
  return {
    ...{ service, identity, className: CLASS.name, tenant: null },
    ...{ intent: 'open_chat', rule: 'intent-allowed', policyMark, knownOnly: false, hidden: false },
    life: planTokenLife(nowMs, LIFE_SECONDS, spread),
  };
}

/**
 * Makes people known to a month, through the ledger itself: each mints once.
 *
 * @param {{ admit: (request: object) => Promise<{ outcome: string }> }} ledger
 * @param {Iterable<{ identity: string, spread: number }>} people none of them in the month yet
 * @param {{ service: string, nowMs: number, policyMark: number }} mint
 */
export async function prefillMonth(ledger, people, mint) {
  let admissions = [];
  const settle = async () => {
    for (const { outcome } of await Promise.all(admissions)) {
      if (outcome !== 'new') throw new Error(`a person to prefill was "${outcome}" to the ledger`);
    }
    admissions = [];
  };
  for (const person of people) {
    admissions.push(ledger.admit(buildAdmission(person, mint)));
    if (admissions.length === CALLS_UNDER_WAY * MINTS_PER_CALL) await settle();
  }
  await settle();
}
