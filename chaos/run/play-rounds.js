import { setTimeout as sleep } from 'node:timers/promises';
import { writeAsOperator } from '../actions/write-as-operator.js';
import { monthEndMs } from '../months.js';
import { judge } from '../promises/judge.js';
import { awaitJournals } from './await-journals.js';
import { awaitStore } from './await-store.js';
import { untilAllUp } from './gateways.js';
import { readBooks } from './read-books.js';
import { createHistoryLog } from './run-log.js';
import { runRound } from './run-round.js';

const UP_PATIENCE_MS = 60_000;
/** Gateways look at their store once a second, one in five more or less. */
const LOOK_MS = 1_500;

/**
 * Plays all rounds, each followed by a rest and a judgement. Ends early when a promise is broken, unless told to go on,
 * and when something does not come back.
 *
 * @param {object} run
 * @param {import('./world.js').World} run.world
 * @param {import('../stores/stores.js').RunningStore} run.store
 * @param {string[]} run.journals folders
 * @param {(entry: Record<string, any>) => void} run.log
 * @param {import('../schedule/draw-schedule.js').Schedule} run.schedule
 * @param {import('../promises/judge.js').Losses} run.losses
 * @param {import('../options.js').Options & { say: (words: string) => void }} run.options
 * @param {number} emptyBytes of all journals, with nothing in them
 */
export async function playRounds(run, emptyBytes) {
  const { world, log, schedule, losses, options } = run;
  const played = { verdicts: [], books: { months: [], alerts: [], audit: [] }, rounds: 0, dropped: 0 };
  const logNews = createHistoryLog(world.history, log);
  for (const round of schedule.rounds) {
    options.say(`round ${round.index + 1} of ${schedule.rounds.length}: ${describe(round)}`);
    const rest = await playRound(run, round, emptyBytes);
    played.dropped += rest.dropped;
    played.rounds += 1;
    if (rest.books !== null) played.books = rest.books;
    logNews();
    const { history, people } = world;
    const verdicts = judge({ history, books: played.books, schedule, people, losses });
    played.verdicts = [rest.verdict, ...(rest.books === null ? [] : verdicts)];
    const broken = played.verdicts.filter(({ violations }) => violations.length > 0);
    for (const { promise, violations } of broken) {
      log({ round: round.index, kind: 'broken', promise, violations });
    }
    options.say(
      `round ${round.index + 1}: ${history.tokens.length} tokens so far, ${broken.length} promises broken`,
    );
    if (rest.books === null || (!options.keepGoing && broken.some(({ judged }) => judged))) break;
  }
  return played;
}

/** Plays a round, lets all come to rest and reads the books; null for books that cannot be read. */
async function playRound({ world, store, journals, log }, round, emptyBytes) {
  turnClock(world, round.clock);
  // Its end may have met an outage; a run in which nobody new comes any more shows little.
  await writeAsOperator(world, { write: 'unfreeze' });
  const { dropped } = await runRound(round, { world, store, log });
  const verdict = {
    promise: 'all is back at work within a minute of the last fault',
    judged: true,
    checked: 1,
  };
  try {
    await settle(world);
    await awaitJournals(journals, emptyBytes);
    world.history.noteRest(world.clock.now(), world.gateways);
    const books = await readBooks(world.gateways[0].port);
    return { dropped, books, verdict: { ...verdict, violations: [] } };
  } catch (error) {
    return { dropped, books: null, verdict: { ...verdict, violations: [error.message] } };
  }
}

/** All is up, and every gateway has its store. */
export async function settle({ gateways, clock }) {
  await untilAllUp(gateways, UP_PATIENCE_MS);
  for (const place of gateways) await awaitStore(place, clock);
  // What a gateway remembers and its store has forgotten is told again after its next look.
  await sleep(LOOK_MS);
}

/** Only while nothing is under way, so that each request falls into one stretch of time. */
function turnClock({ clock, gateways }, change) {
  if (change.kind === 'stay') return;
  const nowMs = clock.now();
  clock.jump(change.kind === 'turn' ? monthEndMs(nowMs) - nowMs - change.afterMs : change.ms);
  for (const gateway of gateways) gateway.tellTime();
}

function describe({ clock, faults, traffic }) {
  const kills = faults.filter(({ kind, fault }) => kind === 'kill-gateway' || fault === 'kill').length;
  const turn = clock.kind === 'turn' ? ', the month turns' : clock.kind === 'jump' ? ', later' : '';
  return `${traffic.length} requests, ${kills} kills, ${faults.length - kills} other faults${turn}`;
}
