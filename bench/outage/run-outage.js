import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { withCleanup } from '../system/cleanup.js';
import { createOperatorReader } from '../system/operator-reader.js';
import { startRedis } from '../system/redis-server.js';
import { createAsker } from './ask-token.js';
import { LOGIN, OPS_KEY, startGateway } from './start-gateway.js';

/** Of a token of 300 s; from then on somebody needs a new one. */
const HALF_A_LIFE_MS = 151_000;
/** How often half a life goes by: each known person mints and is given the same token again in turn. */
const EVERY_MS = 2_000;
/** A call that is sent so long after Redis fell silent may still be taken by it when it is back. */
const INTO_SILENCE_MS = 2_000;
const MINUTE_MS = 60_000;
const TICK_MS = 5;
const STRANGERS = 500;
const DAY_SECONDS = 86_400;
/** Bytes of a journal with nothing in it, at most. */
const EMPTY_BYTES = 20;
const BACK_PATIENCE_MS = 60_000;

/**
 * @typedef {object} Outage
 * @property {import('./options.js').Options} options
 * @property {import('./ask-token.js').Answer[]} known
 * @property {import('./ask-token.js').Answer[]} strangers
 * @property {{ minute: number, heapUsed: number, rss: number }[]} states bytes, one a minute while Redis was away
 * @property {number} journalBytes when Redis came back
 * @property {number} stoodStillMs longest time in which this program did not come to its turn, though it was due each few
 * @property {number} emptyAfterMs
 * @property {number} tokens different ones that were given out
 * @property {number} rows of the mint log afterwards
 * @property {number} identities counted afterwards
 * @property {number} tokensWithoutRow
 * @property {number} unexplained identities beyond known people and those whose call went into the silence
 */

/**
 * @param {import('./options.js').Options & { folder: string, say: (words: string) => void }} given
 * @returns {Promise<Outage>}
 */
export function runOutage({ folder, say, ...options }) {
  return withCleanup(async (defer) => {
    const redis = await startRedis({ folder, durable: true, core: null });
    defer(redis.stop);
    const journal = join(folder, 'journal');
    let clockOffsetMs = middleOfMonth() - Date.now();
    const gateway = await startGateway({ folder, redisUrl: redis.url, journal, clockOffsetMs });
    defer(gateway.stop);
    const letHalfALifePass = () => {
      clockOffsetMs += HALF_A_LIFE_MS;
      return gateway.tellTime(clockOffsetMs);
    };
    const ask = createAsker(gateway.port);
    const known = await signAll('known', options.people);
    const strangers = await signAll('stranger', STRANGERS);
    /** @type {Map<string, { identity: string, iat: number, exp: number }>} */
    const tokens = new Map();
    for (const login of known) await ask(login, tokens);
    for (let round = 0; round < 20; round++) await Promise.all(known.map((login) => ask(login, tokens)));

    redis.pause();
    await letHalfALifePass();
    const played = await play({ options, ask, known, strangers, tokens, gateway, letHalfALifePass, say });
    const journalBytes = statSync(journal).size;
    redis.resume();
    const backAt = performance.now();
    while (statSync(journal).size > EMPTY_BYTES) {
      if (performance.now() - backAt > BACK_PATIENCE_MS) throw new Error('the journal is not emptied');
      await sleep(10);
    }
    const emptyAfterMs = performance.now() - backAt;
    const { intoSilence, ...answers } = played;
    const books = await compare(gateway.port, tokens, options.people + intoSilence);
    return { options, ...answers, journalBytes, emptyAfterMs, tokens: tokens.size, ...books };
  });
}

/** Requests at their times, whether the ones before were answered or not. */
async function play({ options, ask, known, strangers, tokens, gateway, letHalfALifePass, say }) {
  const { seconds, rate } = options;
  const answers = { known: [], strangers: [], states: [], intoSilence: 0, stoodStillMs: 0 };
  const pending = new Set();
  const startedAt = performance.now();
  let [asked, shifts] = [0, 0];
  for (let elapsed = 0; elapsed < seconds * 1000; elapsed = performance.now() - startedAt) {
    for (; asked < (elapsed / 1000) * rate; asked++) {
      const isStranger = asked % 10 === 9;
      if (isStranger && elapsed < INTO_SILENCE_MS) answers.intoSilence += 1;
      const from = isStranger ? strangers : known;
      const one = ask(from[asked % from.length], tokens).then((answer) => {
        answers[isStranger ? 'strangers' : 'known'].push(answer);
        pending.delete(one);
      });
      pending.add(one);
    }
    // Not at first: a call that was sent into the silence may be counted later.
    for (; shifts < (elapsed - INTO_SILENCE_MS) / EVERY_MS; shifts++) await letHalfALifePass();
    if (elapsed > (answers.states.length + 1) * MINUTE_MS) {
      const minute = answers.states.length + 1;
      answers.states.push({ minute, ...(await gateway.state()) });
      say(`minute ${minute} of ${Math.floor(seconds / 60)}: ${asked} requests`);
    }
    const restedAt = performance.now();
    await sleep(TICK_MS);
    answers.stoodStillMs = Math.max(answers.stoodStillMs, performance.now() - restedAt);
  }
  await Promise.all(pending);
  if (seconds % 60 === 0) answers.states.push({ minute: seconds / 60, ...(await gateway.state()) });
  return answers;
}

/** The ledger against the tokens that were given out: each has a row of its own, and nobody else is counted. */
async function compare(port, tokens, identitiesMax) {
  const { read, readRows } = createOperatorReader({ port, key: OPS_KEY });
  const [{ month }] = (await read('months')).months;
  const rows = await readRows(`months/${month}/mints`);
  const identities = await readRows(`months/${month}/identities`);
  const left = new Map();
  const keyOf = (identity, atMs, expiresMs) => `${identity} ${atMs} ${expiresMs}`;
  for (const { identity, at, expiresAt } of rows) {
    const key = keyOf(identity, Date.parse(at), Date.parse(expiresAt));
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  let tokensWithoutRow = 0;
  for (const { identity, iat, exp } of tokens.values()) {
    const key = keyOf(identity, iat * 1000, exp * 1000);
    if ((left.get(key) ?? 0) === 0) tokensWithoutRow += 1;
    else left.set(key, left.get(key) - 1);
  }
  return {
    ...{ rows: rows.length, identities: identities.length, tokensWithoutRow },
    unexplained: Math.max(0, identities.length - identitiesMax),
  };
}

/** Far from both ends, so that no month turns however long a run is. */
function middleOfMonth() {
  const now = new Date();
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 15, 12);
}

function signAll(kind, count) {
  const until = Math.floor(Date.now() / 1000) + 40 * DAY_SECONDS;
  return Promise.all(
    Array.from({ length: count }, (_, number) =>
      new SignJWT({ sub: `${kind}-${number}` })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(LOGIN.issuer)
        .setAudience(LOGIN.audience)
        .setIssuedAt(until - 80 * DAY_SECONDS)
        .setExpirationTime(until)
        .sign(Buffer.from(LOGIN.secret)),
    ),
  );
}
