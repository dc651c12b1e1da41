import { alertsOnce } from './alerts-once.js';
import { booksAgree } from './books-agree.js';
import { budgetsHold } from './budgets-hold.js';
import { countedServed } from './counted-served.js';
import { evidenceKept, evidenceRemembered } from './evidence-kept.js';
import { knownServedInOutage } from './known-served-in-outage.js';
import { lossesExplained } from './losses-explained.js';
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
 * What a store may forget when another server takes over. `unacknowledged`: all scripts that answer somebody waited for
 * the replicas, so it forgets only what was answered 503 or not at all. `anything`: also what it acknowledged, as long as
 * no replica had it.
 *
 * @typedef {'nothing' | 'unacknowledged' | 'anything'} Losses
 */

/**
 * @typedef {object} Finding
 * @property {number} checked how many things it was held against
 * @property {string[]} violations
 * @property {string[]} [excused] what looks like one, and why it is none
 * @property {number[]} [lostAtMs] when those of them were acknowledged that a store may have forgotten
 * @property {string} [words] more for the report
 */

/**
 * @typedef {Finding & { promise: string, judged: boolean }} Verdict `judged` false: broken, it is measured only
 */

/**
 * In the order of the report, each with the losses in spite of which it is kept.
 *
 * Two are not kept when a server takes over that lacks something, although nobody was told of that: numbers of mints go on
 * above the highest that a gateway has seen, so a month has more of them than rows; and a threshold whose alert was
 * forgotten and delivered fires again.
 *
 * @type {{ promise: string, inSpiteOf: Losses, check: (evidence: Evidence) => Finding }[]}
 */
const PROMISES = [
  { promise: 'no token without a row', inSpiteOf: 'unacknowledged', check: tokensHaveRows },
  { promise: 'no identity admitted over a blocking budget', inSpiteOf: 'unacknowledged', check: budgetsHold },
  {
    promise: 'no evidence lost after its 2xx, none invented',
    ...{ inSpiteOf: 'unacknowledged', check: evidenceKept },
  },
  {
    promise: 'evidence outlives a failover as long as the gateway that took it',
    ...{ inSpiteOf: 'anything', check: evidenceRemembered },
  },
  {
    promise: 'nobody counted is refused for budget or freeze',
    ...{ inSpiteOf: 'unacknowledged', check: countedServed },
  },
  {
    promise: 'known people are served while the store is away',
    inSpiteOf: 'anything',
    check: knownServedInOutage,
  },
  { promise: 'the set is log and evidence, every total a recount', inSpiteOf: 'nothing', check: booksAgree },
  { promise: 'each threshold fires once', inSpiteOf: 'nothing', check: alertsOnce },
  // Two masters at a time number their mints alike; only what the later one knows of goes on above the other's.
  { promise: 'no two tokens share a jti', inSpiteOf: 'unacknowledged', check: tokensUnique },
  {
    promise: 'freezes and blocks hold; each write is in the audit log once',
    ...{ inSpiteOf: 'unacknowledged', check: operatorsObeyed },
  },
  { promise: 'one person, one identity', inSpiteOf: 'unacknowledged', check: oneIdentity },
  { promise: 'nothing but the answers that are documented', inSpiteOf: 'anything', check: noSurprises },
];

/** @type {Losses[]} */
const BY_SIZE = ['nothing', 'unacknowledged', 'anything'];

/**
 * @param {Evidence & { losses: Losses }} evidence
 * @returns {Verdict[]}
 */
export function judge({ losses, ...evidence }) {
  const verdicts = PROMISES.map(({ promise, inSpiteOf, check }) => ({
    ...{ promise, judged: BY_SIZE.indexOf(losses) <= BY_SIZE.indexOf(inSpiteOf) },
    ...check(evidence),
  }));
  if (losses !== 'anything') return verdicts;
  const lostAtMs = verdicts.flatMap(({ lostAtMs: lost = [] }) => lost);
  const promise = 'a failover forgets only what was acknowledged while it went on, or just before';
  return [...verdicts, { promise, judged: true, ...lossesExplained(evidence, lostAtMs) }];
}
