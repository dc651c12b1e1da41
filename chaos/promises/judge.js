import { alertsOnce } from './alerts-once.js';
import { booksAgree } from './books-agree.js';
import { budgetsHold } from './budgets-hold.js';
import { countedServed } from './counted-served.js';
import { evidenceKept } from './evidence-kept.js';
import { knownServedInOutage } from './known-served-in-outage.js';
import { noSurprises } from './no-surprises.js';
import { oneIdentity } from './one-identity.js';
import { operatorsObeyed } from './operators-obeyed.js';
import { tokensHaveRows } from './tokens-have-rows.js';
import { tokensUnique } from './tokens-unique.js';

/**
 * What a promise is held against: what clients saw, and what the ledger says.
 *
 * @typedef {object} Evidence
 * @property {ReturnType<typeof import('../run/history.js').createHistory>} history
 * @property {import('../run/read-books.js').Books} books
 * @property {import('../schedule/draw-schedule.js').Schedule} schedule
 * @property {ReturnType<typeof import('../people.js').createPeople>} people
 */

/**
 * What a store may lose of what it acknowledged: a replica that takes over may not have everything yet.
 * `but-admissions`: those waited until a replica had them.
 *
 * @typedef {'nothing' | 'but-admissions' | 'anything'} Losses
 */

/**
 * @typedef {object} Finding
 * @property {number} checked how many things it was held against
 * @property {string[]} violations
 * @property {string[]} [excused] what looks like one, and why it is none
 */

/**
 * @typedef {Finding & { promise: string, judged: boolean }} Verdict `judged` false: broken, it is measured only
 */

/**
 * In the order of the report, each with the losses in spite of which it is kept.
 *
 * @type {{ promise: string, inSpiteOf: Losses, check: (evidence: Evidence) => Finding }[]}
 */
const PROMISES = [
  { promise: 'no token without a row', inSpiteOf: 'but-admissions', check: tokensHaveRows },
  { promise: 'no identity admitted over a blocking budget', inSpiteOf: 'but-admissions', check: budgetsHold },
  { promise: 'no evidence lost after its 2xx, none invented', inSpiteOf: 'nothing', check: evidenceKept },
  { promise: 'nobody counted is refused for budget or freeze', inSpiteOf: 'nothing', check: countedServed },
  {
    promise: 'known people are served while the store is away',
    inSpiteOf: 'anything',
    check: knownServedInOutage,
  },
  { promise: 'the set is log and evidence, every total a recount', inSpiteOf: 'nothing', check: booksAgree },
  { promise: 'each threshold fires once', inSpiteOf: 'nothing', check: alertsOnce },
  { promise: 'no two tokens share a jti', inSpiteOf: 'anything', check: tokensUnique },
  {
    promise: 'freezes and blocks hold; each write is in the audit log once',
    ...{ inSpiteOf: 'nothing', check: operatorsObeyed },
  },
  { promise: 'one person, one identity', inSpiteOf: 'nothing', check: oneIdentity },
  { promise: 'nothing but the answers that are documented', inSpiteOf: 'anything', check: noSurprises },
];

/** @type {Losses[]} */
const BY_SIZE = ['nothing', 'but-admissions', 'anything'];

/**
 * @param {Evidence & { losses: Losses }} evidence
 * @returns {Verdict[]}
 */
export function judge({ losses, ...evidence }) {
  return PROMISES.map(({ promise, inSpiteOf, check }) => ({
    ...{ promise, judged: BY_SIZE.indexOf(losses) <= BY_SIZE.indexOf(inSpiteOf) },
    ...check(evidence),
  }));
}
