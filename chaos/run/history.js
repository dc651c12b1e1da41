import { monthOf } from '../months.js';

/**
 * A token that a client got.
 *
 * @typedef {object} Token
 * @property {string} who `p12`, or `g3.1` for the second guest at place 3
 * @property {string} token
 * @property {string} identity
 * @property {string} jti
 * @property {number} iat s since the epoch
 * @property {number} exp s since the epoch
 * @property {string} outcome `minted` or `reused`
 * @property {boolean} first this month
 * @property {number} gateway
 * @property {number} incarnation
 * @property {number} sentMs
 * @property {number} answeredMs
 * @property {number} tookMs
 */

/**
 * Evidence that was sent; `signals` of `identity` at an instant.
 *
 * @typedef {object} SentEvidence
 * @property {string} identity
 * @property {string[]} signals
 * @property {number} atMs
 * @property {boolean} acknowledged it was answered 2xx
 * @property {number} sentMs
 * @property {number} answeredMs
 * @property {number} gateway that acknowledged it; -1 for none
 * @property {number} incarnation
 * @property {boolean} outlived that process still lived when all had come to rest
 * @property {number} inLedgerMs when it was in the ledger at the latest: it may have waited in a journal
 */

/**
 * What an operator asked for.
 *
 * @typedef {object} SentWrite
 * @property {string} write
 * @property {any} value
 * @property {'done' | 'refused' | 'unknown'} outcome `unknown`: there was no answer, or none that says
 * @property {string | null} requestId
 * @property {number} gateway
 * @property {number} incarnation
 * @property {number} sentMs
 * @property {number} answeredMs Infinity while there is no answer
 */

/**
 * A request for a token that was not answered with one.
 *
 * @typedef {object} Turned
 * @property {string} who
 * @property {string | null} identity null when it is not known, or a link is under way
 * @property {string} code of the problem; `no answer`
 * @property {any} body
 * @property {string[]} counted months in which the identity was known to be counted before the request was sent
 * @property {string[]} servedHere months of tokens that this very process had given to it before
 * @property {number} servedHereMs when it gave the last of them; 0 for never
 * @property {number} gateway
 * @property {number} incarnation
 * @property {number} sentMs
 * @property {number} answeredMs
 * @property {number} tookMs
 */

/** Everything that clients saw in a run, and nothing else. */
export function createHistory() {
  /** @type {Map<string, Set<string>>} */
  const counted = new Map();
  /** @type {Map<string, Set<string>>} */
  const served = new Map();
  /** @type {Map<string, number>} */
  const servedAt = new Map();
  /** @type {Record<string, Record<string, number>>} */
  const answers = {};

  const history = {
    /** @type {Token[]} */
    tokens: [],
    /** @type {Turned[]} */
    turned: [],
    /** @type {SentEvidence[]} */
    evidence: [],
    /** @type {SentWrite[]} */
    writes: [],
    /** @type {{ person: number, guest: string, identity: string | null, outcome: string, sentMs: number, answeredMs: number }[]} */
    links: [],
    /** @type {Record<string, any>[]} what happened to gateways and store */
    notes: [],
    /** How often each kind of request was answered how. */
    answers,

    /** @param {string} kind @param {string} answer */
    countAnswer(kind, answer) {
      answers[kind] ??= {};
      answers[kind][answer] = (answers[kind][answer] ?? 0) + 1;
    },

    /** Months in which an identity is certainly counted so far. */
    countedMonths: (identity) => [...(counted.get(identity) ?? [])],
    /** The same by the tokens of one process alone, and when it gave the last of them. */
    servedBy(identity, process) {
      const key = processKey(process, identity);
      return { servedHere: [...(served.get(key) ?? [])], servedHereMs: servedAt.get(key) ?? 0 };
    },

    /**
     * Nothing waits in a journal any more.
     *
     * @param {number} nowMs
     * @param {{ incarnation: number }[]} gateways
     */
    noteRest(nowMs, gateways) {
      for (const evidence of history.evidence) {
        if (!evidence.acknowledged || evidence.inLedgerMs <= nowMs) continue;
        evidence.inLedgerMs = nowMs;
        evidence.outlived = gateways[evidence.gateway]?.incarnation === evidence.incarnation;
        addAll(counted, evidence.identity, [monthOf(evidence.atMs)]);
      }
    },

    /** @param {Token} token @param {string[]} months that it is counted in */
    addToken(token, months) {
      history.tokens.push(token);
      addAll(counted, token.identity, months);
      const key = processKey(token, token.identity);
      addAll(served, key, months);
      servedAt.set(key, token.answeredMs);
    },
  };
  return history;
}

function processKey({ gateway, incarnation }, identity) {
  return `${gateway}.${incarnation} ${identity}`;
}

function addAll(map, key, values) {
  const set = map.get(key) ?? new Set();
  map.set(key, set);
  for (const value of values) set.add(value);
}
