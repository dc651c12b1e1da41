import { askForToken, makeGuest } from '../../ground/ask.js';
import { inParallel } from '../../tools/cases.js';

const MEMBERS = 100;

/** One guest whom many members want, and one member who wants many guests, all at once. */
export async function raceLinks({ ground, tally, address }) {
  const { issuer, gateways } = ground;
  const ports = Object.values(gateways).map(({ port }) => port);
  let turn = 0;
  const link = (person, credential) =>
    ground.send({
      // Both gateways in turn.
      ...{ port: ports[turn++ % ports.length], path: '/v1/links' },
      headers: {
        authorization: `Bearer ${issuer.logins.shared(person)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ credential }),
    });
  const outcomes = (answers) =>
    count(answers.map(({ status, json }) => json?.outcome ?? `${status} ${json?.code}`));

  const wanted = await guestWithToken(ground, address());
  const rivals = Array.from({ length: MEMBERS }, (_, n) => `rival ${n}`);
  const raced = await inParallel(rivals, MEMBERS, (person) => link(person, wanted.credential));
  const byRivals = outcomes(raced);
  tally.check(`one of ${MEMBERS} members adopts a guest`, byRivals.adopted === 1, byRivals);
  const holders = raced.filter(({ json }) => json?.identity === wanted.identity);
  tally.check('nobody else is served as that guest', holders.length === 1, byRivals);
  const others = raced.filter(({ json }) => json?.outcome !== 'adopted');
  const apart = others.every(({ status, json }) => json?.outcome === 'kept-separate' || status === 401);
  tally.check('the others are kept separate', apart, byRivals);
  const spent = await askForToken(
    ground,
    { authorization: `Guest ${wanted.credential}` },
    { from: address() },
  );
  tally.refused('the guest is no more', spent, 401);

  const one = await guestWithToken(ground, address());
  const repeated = outcomes(
    await inParallel(Array.from({ length: 40 }), 40, () => link('insistent', one.credential)),
  );
  const { adopted = 0, 'already-linked': linked = 0 } = repeated;
  tally.check(
    'one member links once, however often they ask',
    adopted === 1 && adopted + linked === 40,
    repeated,
  );

  const guests = await inParallel(Array.from({ length: 10 }), 5, () => guestWithToken(ground, address()));
  const hoarded = outcomes(await inParallel(guests, 10, ({ credential }) => link('hoarder', credential)));
  tally.check('one member adopts one guest of many', hoarded.adopted === 1, hoarded);
}

async function guestWithToken(ground, from) {
  const { credential } = await makeGuest(ground, { from });
  const { json } = await askForToken(ground, { authorization: `Guest ${credential}` });
  return { credential, identity: json.identity };
}

function count(words) {
  const counts = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
