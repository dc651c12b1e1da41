/** What rightly differs between two answers to two mints. */
const OF_ITS_OWN = new Set(['date', 'x-request-id', 'content-length']);

/**
 * Fails unless two servers answer a mint alike: the same headers with the same values, the same fields in the body.
 * Otherwise comparing their speed would mean little.
 *
 * @param {import('./contestants.js').Contestant} one
 * @param {import('./contestants.js').Contestant} other
 * @param {{ service: string, logins: readonly string[] }} options each of the first two people mints once
 */
export async function requireSameAnswer(one, other, { service, logins }) {
  const [first, second] = await Promise.all([mint(one, service, logins[0]), mint(other, service, logins[1])]);
  if (first !== second) {
    throw new Error(`${one.name} and ${other.name} answer differently:\n${first}\n\n${second}`);
  }
}

async function mint({ server }, service, login) {
  const response = await fetch(`http://127.0.0.1:${server.port}/v1/tokens`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${login}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ intent: 'open_chat', service }),
  });
  const headers = [...response.headers].map(
    ([name, value]) => `${name}: ${OF_ITS_OWN.has(name) ? '…' : value}`,
  );
  return [response.status, ...headers.sort(), ...Object.keys(await response.json())].join('\n');
}
