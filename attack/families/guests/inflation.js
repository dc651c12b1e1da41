import { askForToken, countPeople, makeGuest } from '../../ground/ask.js';
import { GUEST_PLACES, NEW_GUESTS } from '../../ground/gateway-settings.js';
import { inParallel } from '../../tools/cases.js';

/** Headers in which somebody may say where they come from. */
const SAYING = [
  'x-forwarded-for',
  'x-real-ip',
  'forwarded',
  'true-client-ip',
  'cf-connecting-ip',
  'x-client-ip',
];

/** Many new guests: bounded by address block, and in the end by the budget. */
export async function inflateGuests({ ground, tally, random, rounds, address }) {
  const { open, proxied } = ground.gateways;
  const madeUp = () => Array.from({ length: 4 }, () => 1 + random.below(254)).join('.');
  const made = async (requests) => {
    const answers = await inParallel(requests, 20, (request) => makeGuest(ground, request));
    const odd = answers.find(({ answer }) => ![200, 429].includes(answer.status));
    tally.check('a new guest or 429', odd === undefined, odd?.answer);
    return answers.filter(({ answer }) => answer.status === 200).length;
  };
  const tries = Math.max(3 * NEW_GUESTS, Math.min(rounds, 100));

  for (const header of SAYING) {
    const from = address();
    const value = () => (header === 'forwarded' ? `for=${madeUp()}` : madeUp());
    const requests = Array.from({ length: tries }, () => ({ from, headers: { [header]: value() } }));
    const created = await made(requests);
    tally.check(`without a proxy nobody believes ${header}`, isBounded(created), `${created} guests`);
  }

  const behind = (forwarded) => ({ port: proxied.port, headers: { 'x-forwarded-for': forwarded } });
  const left = await made(Array.from({ length: tries }, () => behind(`${madeUp()}, 203.0.113.7`)));
  tally.check('behind a proxy only what it added counts', isBounded(left), `${left} guests`);
  const mapped = await made(Array.from({ length: tries }, (_, n) => behind(`::ffff:198.51.100.${n % 250}`)));
  tally.check('a block in IPv6 clothes is one block', isBounded(mapped), `${mapped} guests`);
  const six = await made(
    Array.from({ length: tries }, () => behind(`2001:db8:7:${random.hex(4)}::${random.hex(4)}`)),
  );
  tally.check('a /48 is one block', isBounded(six), `${six} guests`);
  const words = await made(
    Array.from({ length: tries }, () =>
      behind(random.pick(['unknown', '_hidden', '', '300.1.2.3', '::ffff:x', 'a'.repeat(500)])),
    ),
  );
  // What is no address shares one block; an empty header says nothing, and leaves the proxy's own address.
  tally.check('what is no address is no address', words <= 4 * NEW_GUESTS, `${words} guests`);
  const shared = '198.18.5.9';
  const both = await made([
    ...Array.from({ length: tries }, () => behind(shared)),
    ...Array.from({ length: tries }, () => behind('198.18.5.200')),
  ]);
  tally.check('two hosts of a block share its places', isBounded(both), `${both} guests`);
  const from = address();
  const onBoth = await made([
    ...Array.from({ length: tries }, () => ({ from, port: open.port })),
    ...Array.from({ length: tries }, () => behind(from)),
  ]);
  tally.check('two gateways share the places of a block', isBounded(onBoth, 2), `${onBoth} guests`);

  await fillBudget({ ground, tally, address });
}

/** Guests of as many networks as it takes: the budget holds. */
async function fillBudget({ ground, tally, address }) {
  const crowd = { service: 'crowd' };
  const networks = Array.from({ length: GUEST_PLACES }, () => address());
  const requests = networks.flatMap((from) => Array.from({ length: NEW_GUESTS }, () => ({ from, ...crowd })));
  const guests = await inParallel(requests, 20, (request) => makeGuest(ground, request));
  const answers = await inParallel(guests, 50, ({ credential }) =>
    askForToken(
      ground,
      { authorization: `Guest ${credential}` },
      { body: crowd, port: portOf(ground, credential) },
    ),
  );
  const served = answers.filter(({ status }) => status === 200).length;
  const refused = answers.filter(({ json }) => json?.code === 'mau-budget-exhausted').length;
  const { byClass } = await countPeople(ground, 'crowd');
  tally.check(
    `${requests.length} guests of ${networks.length} networks get ${GUEST_PLACES} places`,
    served === GUEST_PLACES && byClass.guest === GUEST_PLACES && served + refused === answers.length,
    { served, refused, counted: byClass.guest },
  );
}

/** One or the other, by the credential. */
function portOf({ gateways }, credential) {
  const { open, proxied } = gateways;
  return credential.charCodeAt(20) % 2 === 0 ? open.port : proxied.port;
}

/**
 * As many as the limit. A gateway that has to wait for Redis for longer than 100 ms counts for itself for a while, and
 * so each of them may let in as many again; on a machine that is not busy none does.
 */
function isBounded(created, gateways = 1) {
  return created >= NEW_GUESTS && created <= (1 + gateways) * NEW_GUESTS;
}
