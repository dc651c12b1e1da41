/**
 * Calls longer than this are noted, µs. Noting copies a call's arguments, so ordinary calls must stay below it.
 */
const NOTED_FROM_MICROSECONDS = 2_000;
const NOTED_MAX = 1_000;

/**
 * Watches for long calls of a Redis.
 *
 * @typedef {object} SlowCalls
 * @property {() => Promise<void>} collect takes what was noted so far out of Redis, where it would count as memory
 * @property {() => Promise<LongestCall>} longest since the watch began
 */

/**
 * @typedef {object} LongestCall
 * @property {number} milliseconds as Redis itself measured it; the length from which calls are noted when none was
 * @property {string} command empty when no call was long enough to be noted
 */

/**
 * @param {import('ioredis').Redis} admin
 * @returns {Promise<SlowCalls>}
 */
export async function watchSlowCalls(admin) {
  await admin.config('SET', 'slowlog-log-slower-than', NOTED_FROM_MICROSECONDS, 'slowlog-max-len', NOTED_MAX);
  await admin.slowlog('RESET');
  /** @type {LongestCall} */
  let longest = { milliseconds: NOTED_FROM_MICROSECONDS / 1000, command: '' };

  async function collect() {
    for (const [, , microseconds, [command]] of await admin.slowlog('GET', -1)) {
      const milliseconds = microseconds / 1000;
      if (!isOwn(command) && milliseconds > longest.milliseconds) {
        longest = { milliseconds, command: String(command).toLowerCase() };
      }
    }
    await admin.slowlog('RESET');
  }

  return {
    collect,
    async longest() {
      await collect();
      return longest;
    },
  };
}

/** What the benchmark itself asks in order to look after Redis. */
function isOwn(command) {
  return ['config', 'info', 'slowlog', 'del', 'hvals', 'object'].includes(String(command).toLowerCase());
}
