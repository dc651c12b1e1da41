import { createAddresses } from '../ground/addresses.js';
import { countPeople, tokenOf } from '../ground/ask.js';
import { forgedBeacons } from '../tokens/forged-beacons.js';
import { inParallel } from '../tools/cases.js';
import { decode, signHmac } from '../tools/jwt.js';

const HEADER = { alg: 'HS256', typ: 'JWT', cty: 'twilio-fpa;v=1' };

/** Beacons of tokens that this gateway never gave, of logins, and of good tokens again and again. */
export async function attack({ ground, tally, random, rounds }) {
  const { issuer, secrets, gateways } = ground;
  const address = createAddresses(1_000);
  const send = (token, { state = 'connected', type = 'application/json', ...more } = {}) =>
    ground.send({
      ...{
        port: gateways.open.port,
        path: '/v1/beacons',
        headers: { 'content-type': type },
        from: address(),
      },
      body: typeof token === 'string' && type !== 'raw' ? JSON.stringify({ token, state, ...more }) : token,
    });
  const { token } = await tokenOf(ground, issuer.logins.rsa('tells of a connection'));
  const claims = decode(token.split('.')[1]);
  const before = await countPeople(ground);

  for (const [name, forged] of forgedBeacons(secrets, claims)) {
    tally.refused(`a token ${name}`, await send(forged), 401, 400);
  }
  for (const kind of ['rsa', 'ec', 'shared']) {
    tally.refused(`a login (${kind})`, await send(issuer.logins[kind]('somebody')), 401);
  }
  for (const [name, answer, ...statuses] of await oddBodies(send, token))
    tally.refused(name, answer, ...statuses);
  const untouched = await countPeople(ground);
  tally.check('none of it was counted', same(before, untouched), untouched);

  // Everything from here is said with a good token: it may say so once.
  const again = await inParallel(Array.from({ length: 50 }), 25, () => send(token));
  tally.check(
    'a beacon may come again',
    again.every(({ status }) => status === 204),
    again[0],
  );
  for (const at of ['1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2000-02-29T00:00:00.000Z']) {
    tally.refused(`a beacon of ${at}`, await send(token, { at }), 204);
  }
  const previous = signHmac(
    HEADER,
    { ...claims, iss: `SK${'2'.padStart(32, '0')}` },
    secrets.previousApiKeySecret,
  );
  tally.refused('the previous key still speaks', await send(previous), 204);
  for (let round = 0; round < rounds; round++) {
    const answer = await send(spoil(token, random));
    tally.check(`a changed character, round ${round}`, [401, 204, 429].includes(answer.status), answer);
  }
  const after = await countPeople(ground);
  const connected = after.bySignal.connected - before.bySignal.connected;
  tally.check(
    'one connection of one person, whatever was said',
    connected === 1 && after.total === before.total,
    after,
  );
}

async function oddBodies(send, token) {
  return [
    [
      'plain text is taken, as sendBeacon sends it',
      await send(token, { type: 'text/plain;charset=UTF-8', state: 'failed' }),
      204,
    ],
    ['a form', await send(`token=${token}`, { type: 'application/x-www-form-urlencoded' }), 415],
    ['a state that is none', await send(token, { state: 'hijacked' }), 400],
    ['a state out of a prototype', await send(token, { state: 'constructor' }), 400],
    ['an instant that is none', await send(token, { at: 'yesterday' }), 400],
    ['an instant far beyond', await send(token, { at: '+275760-09-13T00:00:00.001Z' }), 400],
    ['a field too many', await send(token, { identity: 'another' }), 400],
    ['a megabyte', await send('x'.repeat(1_000_000)), 413],
  ];
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function spoil(token, random) {
  const at = random.below(token.length);
  return token.slice(0, at) + random.pick([...ALPHABET]) + token.slice(at + 1);
}
