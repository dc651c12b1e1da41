/** The usual questions, for attacks that begin or end with one. */

const JSON_TYPE = { 'content-type': 'application/json' };

/**
 * Asks for a token.
 *
 * @param {import('./start-ground.js').Ground} ground
 * @param {Record<string, string>} headers
 * @param {{ port?: number, body?: object, from?: string }} [options]
 */
export function askForToken({ send, gateways }, headers, { port = gateways.open.port, body, from } = {}) {
  return send({
    ...{ port, path: '/v1/tokens', headers: { ...JSON_TYPE, ...headers } },
    body: JSON.stringify({ intent: 'open_chat', ...body }),
    ...(from === undefined ? {} : { from }),
  });
}

/** The token of somebody who must get one. */
export async function tokenOf(ground, login, body = {}) {
  const answer = await askForToken(ground, { authorization: `Bearer ${login}` }, { body });
  if (answer.status !== 200)
    throw new Error(`an honest person was answered ${answer.status}: ${answer.text}`);
  ground.witness.hand('a token for Twilio', answer.json.token.split('.')[2]);
  return answer.json;
}

/** Reads the operator API as admin. */
export async function read(ground, path) {
  const { secrets, gateways, send } = ground;
  const answer = await send({
    ...{
      port: gateways.open.port,
      path: `/v1/${path}`,
      headers: { authorization: `Bearer ${secrets.adminKey}` },
    },
  });
  if (answer.status !== 200) throw new Error(`GET /v1/${path}: ${answer.status} ${answer.text}`);
  return answer.json;
}

/** Identities of the current month, in all and by signal. */
export async function countPeople(ground, service = 'default') {
  const { identities } = await read(ground, `months/current?service=${service}`);
  return identities;
}

/** A new guest: the credential, and who that is. */
export async function makeGuest(ground, { from, service = 'default', headers = {}, port } = {}) {
  const answer = await ground.send({
    ...{ port: port ?? ground.gateways.open.port, path: '/v1/guests', headers: { ...JSON_TYPE, ...headers } },
    body: JSON.stringify({ want: 'credential', service }),
    ...(from === undefined ? {} : { from }),
  });
  const credential = answer.json?.credential;
  if (credential !== undefined) ground.witness.hand('a guest credential', credential.split('.')[4]);
  return { answer, credential };
}
