import { askForToken } from '../../ground/ask.js';
import { TENANT_PLACES } from '../../ground/gateway-settings.js';

const MARK = 'polluted-by-the-attack';
const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];

const QUERIES = [
  ...[
    `__proto__[x]=${MARK}`,
    `__proto__.x=${MARK}`,
    `constructor[prototype][x]=${MARK}`,
    `service[__proto__]=${MARK}`,
  ],
  ...[
    `service=default&service=${MARK}`,
    'service[]=default',
    'limit[__proto__]=1',
    'limit=1&limit=2',
    'cursor[x]=1',
    `a[${'b]['.repeat(50)}c]=${MARK}`,
  ],
];

const BODIES = NAMES.flatMap((name) => [
  `{"${name}":{"x":"${MARK}"},"intent":"open_chat"}`,
  `{"intent":{"${name}":"${MARK}"}}`,
  `{"reason":"x","limit":1,"mode":"warn","tenants":{"${name}":{"x":1}}}`,
  `{"credential":{"${name}":{"x":"${MARK}"}}}`,
]);

const ROUTES = [
  ...[
    ['POST', '/v1/tokens'],
    ['POST', '/v1/guests'],
    ['POST', '/v1/links'],
    ['POST', '/v1/beacons'],
    ['PUT', '/v1/budget'],
  ],
  ...[
    ['POST', '/v1/budget/raises'],
    ['PUT', '/v1/freeze'],
    ['POST', '/v1/explanations'],
    ['POST', '/v1/simulations'],
    ['POST', '/v1/erasures'],
  ],
];

/** Names out of a prototype, in bodies, queries and claims: nothing is inherited, and they are names like others. */
export async function forgePollution({ ground, tally }) {
  const { secrets, send, gateways, issuer } = ground;
  const { port } = gateways.open;
  const admin = { authorization: `Bearer ${secrets.adminKey}` };
  const json = { 'content-type': 'application/json', 'if-match': '"0"' };
  for (const [method, path] of ROUTES) {
    for (const body of BODIES) {
      // A person has no ops key and an operator no login; what comes first, the refusal or the fault, is no matter.
      const answer = await send({ port, method, path, headers: { ...admin, ...json }, body });
      tally.check(
        `${method} ${path} ${body.slice(0, 60)}`,
        answer.status >= 400 && answer.status < 500,
        answer,
      );
    }
  }
  for (const path of [
    '/v1/months/current',
    '/v1/months/current/identities',
    '/v1/months/current/mints',
    '/v1/audit',
    '/v1/budget',
    '/ops',
  ]) {
    for (const query of QUERIES) {
      const answer = await send({ port, path: `${path}?${query}`, headers: admin });
      tally.check(`${path}?${query.slice(0, 40)}`, answer.status > 0 && answer.status < 500, answer);
    }
  }
  for (const name of NAMES) {
    const body = `{"claims":{"${name}":{"x":"${MARK}"}},"issuer":"x","request":{"intent":"open_chat"}}`;
    const answer = await send({ port, path: '/v1/explanations', headers: { ...admin, ...json }, body });
    tally.check(
      `an explanation of claim ${name}`,
      [200, 400].includes(answer.status) && !answer.text.includes(MARK),
      answer,
    );
  }
  // Readable names are a matter of the ledger; here they must only be one tenant each, with a limit of its own.
  for (const team of [...NAMES, 'a plain one']) {
    const ask = (n) =>
      askForToken(
        ground,
        { authorization: `Bearer ${issuer.logins.rsa(`${team} ${n}`, { team })}` },
        { body: { service: 'second' } },
      );
    const answers = [];
    for (let n = 0; n <= TENANT_PLACES; n++) answers.push(await ask(n));
    const served = answers.filter(({ status }) => status === 200).length;
    const last = answers.at(-1);
    tally.check(
      `tenant ${team} has its places`,
      served === TENANT_PLACES && last.json?.budget === `tenant:${team}`,
      last,
    );
  }
  const budget = await send({ port, path: '/v1/budget', headers: admin });
  const unlimited = { limit: null, mode: 'warn', reason: 'x' };
  for (const kind of ['classes', 'tenants', 'reserve']) {
    const body = JSON.stringify({ ...unlimited, [kind]: 'HERE' }).replace('"HERE"', '{"__proto__":1}');
    const headers = { ...admin, ...json, 'if-match': budget.headers.etag };
    const answer = await send({ port, method: 'PUT', path: '/v1/budget', headers, body });
    tally.refused(`a limit of ${kind} __proto__ is not passed over`, answer, 400);
  }
  const after = await send({ port, path: '/openapi.json' });
  const months = await send({ port, path: '/v1/months', headers: admin });
  tally.check('nothing was inherited', ![after, months].some(({ text }) => text.includes(MARK)), months);
}
