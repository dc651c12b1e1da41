import { monthOf } from '../../dist/domain/month.js';
import { openLedger } from '../ledger/open-ledger.js';
import { fillerPeople } from '../people/filler-people.js';
import { OTHER_POLICY_MARK, prefillInstant, prefillMonth } from '../people/prefill.js';
import { serviceNameOf } from './gateway-config.js';

/**
 * The months that mints are measured in. A person may be asked for only once in a service, or the second answer would
 * be the same token again; so a run that needs more mints than there are people goes on in the next service.
 *
 * @typedef {object} Months
 * @property {(options: { known: boolean }) => MintSource} openSource `known`: its people are in its months already
 * @property {() => Promise<void>} checkBooks compares what the ledger counted with what was counted here
 * @property {() => Promise<void>} close
 */

/**
 * Mints that nobody has made yet, in the order of people.
 *
 * @typedef {object} MintSource
 * @property {(count: number) => Promise<{ services: string[], first: number }>} prepare provides for so many mints
 * @property {(sent: number) => void} spend says how many of them were made
 */

/**
 * @param {object} options
 * @param {import('../system/redis-server.js').RedisServer} options.redis
 * @param {{ identity: string, spread: number }[]} options.people
 * @param {number} options.services how many the gateways were configured with
 * @param {number} options.fillersPerService
 * @returns {Promise<Months>}
 */
export async function openMonths({ redis, people, services, fillersPerService }) {
  const ledger = await openLedger(redis.url);
  const begun = [];
  const expected = { all: 0, minted: 0 };

  async function begin(known) {
    const number = begun.length;
    if (number === services)
      throw new Error('more services are needed than the gateways know; use more --people');
    const nowMs = prefillInstant(Date.now());
    const mint = { service: serviceNameOf(number), nowMs, policyMark: OTHER_POLICY_MARK };
    begun.push(mint.service);
    const fillers = [...fillerPeople(number * fillersPerService, fillersPerService)];
    const residents = known ? [...people, ...fillers] : fillers;
    // Syncing each of these would only take time; the last write makes up for all.
    await redis.admin.config('SET', 'appendfsync', 'no');
    await prefillMonth(ledger, residents, mint);
    await redis.admin.config('SET', 'appendfsync', 'always');
    await redis.admin.set('bench:synced', number);
    expected.all += residents.length;
    expected.minted += residents.length;
    return mint.service;
  }

  return {
    openSource({ known }) {
      const own = [];
      let next = 0;
      return {
        async prepare(count) {
          while (own.length * people.length < next + count) own.push(await begin(known));
          return { services: [...own], first: next };
        },
        spend(sent) {
          next += sent;
          expected.minted += sent;
          if (!known) expected.all += sent;
        },
      };
    },

    async checkBooks() {
      const found = { all: 0, minted: 0 };
      for (const service of begun) {
        const { all, minted } = await ledger.totals(service, monthOf(Date.now()));
        found.all += all;
        found.minted += minted;
      }
      if (found.all !== expected.all || found.minted !== expected.minted) {
        const told = `${found.all} identities and ${found.minted} mints, expected ${expected.all} and ${expected.minted}`;
        throw new Error(`the ledger's books are wrong: ${told}`);
      }
    },

    close: () => ledger.close(),
  };
}
