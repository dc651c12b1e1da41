import { createHmac } from 'node:crypto';
import { createAddresses } from '../ground/addresses.js';
import { askForToken, makeGuest } from '../ground/ask.js';
import { APP_ORIGIN } from '../ground/gateway-settings.js';
import { inflateGuests } from './guests/inflation.js';
import { raceLinks } from './guests/links.js';

const NAME = '__Host-mg_guest';

/** Guests who would be another one, many at once, or a member who takes over more than one. */
export async function attack(context) {
  const address = createAddresses(2_000);
  await forgeCredentials({ ...context, address });
  await tossCookies({ ...context, address });
  await raceLinks({ ...context, address });
  await inflateGuests({ ...context, address });
}

async function forgeCredentials({ ground, tally, random, rounds, address }) {
  const { secrets } = ground;
  const mine = (await makeGuest(ground, { from: address() })).credential;
  const other = (await makeGuest(ground, { from: address() })).credential;
  const elsewhere = (await makeGuest(ground, { from: address(), service: 'crowd' })).credential;
  const [version, service, id, made, signature] = mine.split('.');
  const sign = (payload, secret, purpose = 'mau-guard guest credential 1\n') =>
    `${payload}.${createHmac('sha256', secret).update(purpose).update(payload).digest('base64url')}`;
  const payload = [version, service, id, made].join('.');
  const year = Math.floor(Date.now() / 1000) - 401 * 86_400;
  const ways = {
    header: (credential) => ({ authorization: `Guest ${credential}` }),
    cookie: (credential) => ({ cookie: `${NAME}=${credential}`, origin: APP_ORIGIN }),
  };
  const forged = [
    ['the signature of another guest', `${payload}.${other.split('.')[4]}`],
    ['the guest of another signature', [version, service, other.split('.')[2], made, signature].join('.')],
    [
      'another instant',
      [version, service, id, (Number.parseInt(made, 36) + 1).toString(36), signature].join('.'),
    ],
    ['another service', [version, 'crowd', id, made, signature].join('.')],
    ['a guest of another service', elsewhere],
    ['another version', ['2', service, id, made, signature].join('.')],
    ['no signature', `${payload}.`],
    ['a signature cut short', mine.slice(0, -1)],
    ['a signature that goes on', `${mine}A`],
    ['padding', `${mine}=`],
    ['a secret of nobody', sign(payload, 'x'.repeat(32))],
    ['the identity secret', sign(payload, secrets.identitySecret)],
    ['no secret', sign(payload, '')],
    ['no purpose', sign(payload, secrets.cookieSecret, '')],
    [
      'the purpose of a dashboard session',
      sign(payload, secrets.cookieSecret, 'mau-guard operator session 2\n'),
    ],
    [
      'a guest who is a member',
      sign([version, service, 'm_0123456789012345678901', made].join('.'), secrets.cookieSecret),
    ],
    [
      'a guest of a year ago',
      sign([version, service, id, year.toString(36)].join('.'), secrets.cookieSecret),
    ],
    [
      'a guest of the day after tomorrow',
      sign([version, service, id, (year + 404 * 86_400).toString(36)].join('.'), secrets.cookieSecret),
    ],
    ['capitals', mine.toUpperCase()],
    ['ten thousand characters', mine.padEnd(10_000, 'A')],
  ];
  for (const [way, headersOf] of Object.entries(ways)) {
    for (const [name, credential] of forged) {
      const answer = await askForToken(ground, headersOf(credential), { from: address() });
      // A cookie of another service, or none that is of any, is as good as no cookie.
      tally.refused(`a credential with ${name}, in the ${way}`, answer, 401);
    }
  }
  const { identity } = (await askForToken(ground, ways.header(mine))).json;
  for (let round = 0; round < rounds; round++) {
    const at = random.below(mine.length);
    const changed = mine.slice(0, at) + random.pick([...'abcXYZ019-_.~']) + mine.slice(at + 1);
    const answer = await askForToken(ground, ways.header(changed), { from: address() });
    const isHeld = changed === mine ? answer.json?.identity === identity : answer.status === 401;
    tally.check(`a changed character of a credential, round ${round}`, isHeld, answer);
  }
  const previous = await askForToken(ground, ways.header(sign(payload, secrets.previousCookieSecret)));
  tally.check(
    'the previous secret is still good for the same guest',
    previous.json?.identity === identity,
    previous,
  );
}

/** Several cookies of the name, and names that look like it: the victim's own decides, or nobody is served. */
async function tossCookies({ ground, tally, address }) {
  const victim = (await makeGuest(ground, { from: address() })).credential;
  const attacker = (await makeGuest(ground, { from: address() })).credential;
  const ask = (cookie) => askForToken(ground, { cookie, origin: APP_ORIGIN }, { from: address() });
  const { identity } = (await ask(`${NAME}=${victim}`)).json;
  const beside = [
    'mg_guest',
    '__host-mg_guest',
    '__HOST-MG_GUEST',
    '__Secure-mg_guest',
    '__Host-mg_guest2',
    'x__Host-mg_guest',
    '__Host-mg_guest%20',
    '__proto__',
  ];
  for (const name of beside) {
    for (const cookie of [
      `${name}=${attacker}; ${NAME}=${victim}`,
      `${NAME}=${victim}; ${name}=${attacker}`,
    ]) {
      const answer = await ask(cookie);
      tally.check(`cookie ${name} beside the own one`, answer.json?.identity === identity, answer);
    }
    tally.refused(`cookie ${name} alone`, await ask(`${name}=${attacker}`), 401);
  }
  const first = await ask(`${NAME}=${victim}; ${NAME}=${attacker}`);
  tally.check('a second cookie of the name changes nothing', first.json?.identity === identity, first);
  tally.refused(
    'a spoilt cookie is not rescued by a second one',
    await ask(`${NAME}=1.default.x; ${NAME}=${attacker}`),
    401,
  );
  const inOne = await ask(`${NAME}=${victim}~${attacker}`);
  tally.check(
    'two credentials of a service in one cookie: the first',
    inOne.json?.identity === identity,
    inOne,
  );
  tally.refused('a spoilt credential before a good one', await ask(`${NAME}=1.default.x~${attacker}`), 401);
  tally.refused(
    'a thousand credentials',
    await ask(`${NAME}=${Array(60).fill(attacker).join('~')}`),
    401,
    431,
  );
  const quoted = await ask(`${NAME}="${victim}"`);
  tally.check(
    'a cookie in quotes is nobody else',
    quoted.status === 401 || quoted.json?.identity === identity,
    quoted,
  );
  for (const origin of [
    undefined,
    'null',
    'https://evil.example',
    `${APP_ORIGIN}.evil.example`,
    'http://app.attack.example',
  ]) {
    const headers = { cookie: `${NAME}=${victim}`, ...(origin === undefined ? {} : { origin }) };
    tally.refused(
      `a cookie from origin ${origin}`,
      await askForToken(ground, headers, { from: address() }),
      403,
    );
  }
}
