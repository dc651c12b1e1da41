import { monthEndMs } from '../months.js';
import { ask } from '../run/ask.js';
import { OPS_KEY } from '../run/gateway-config.js';

const REASON = 'chaos';
const MINUTE_MS = 60_000;

/** What each write sends; null when there is nothing to write about. */
const WRITES = {
  async budget(_world, { budget }, send) {
    const { headers } = await send({ method: 'GET', path: '/v1/budget' });
    if (headers.etag === undefined) return null;
    const request = { method: 'PUT', path: '/v1/budget', body: { ...budget, reason: REASON } };
    return { value: budget, request: { ...request, headers: { 'if-match': headers.etag } } };
  },
  async raise(world, { raise: { minutes, ...raise } }) {
    const nowMs = world.clock.now();
    const expiresMs = Math.min(nowMs + minutes * MINUTE_MS, monthEndMs(nowMs) - MINUTE_MS);
    if (expiresMs < nowMs + MINUTE_MS) return null;
    const body = { ...raise, expiresAt: new Date(expiresMs).toISOString(), reason: REASON };
    return {
      value: { ...raise, expiresMs, id: null },
      request: { method: 'POST', path: '/v1/budget/raises', body },
    };
  },
  async 'end-raise'(world, { which }) {
    const known = world.history.writes.filter(
      ({ write, outcome }) => write === 'raise' && outcome === 'done',
    );
    if (known.length === 0) return null;
    const { id } = known[Math.floor(which * known.length)].value;
    return { value: { id }, request: { method: 'DELETE', path: `/v1/budget/raises/${id}?reason=${REASON}` } };
  },
  freeze: async () => ({
    value: null,
    request: { method: 'PUT', path: '/v1/freeze', body: { reason: REASON } },
  }),
  unfreeze: async () => ({ value: null, request: { method: 'DELETE', path: `/v1/freeze?reason=${REASON}` } }),
  async block(world, { person }) {
    const identity = world.identityOfPerson(person);
    if (identity === null) return null;
    const path = `/v1/identities/${encodeURIComponent(identity)}/block`;
    return { value: { identity }, request: { method: 'PUT', path, body: { reason: REASON } } };
  },
  async unblock(world, { person }) {
    const identity = world.identityOfPerson(person);
    if (identity === null) return null;
    const path = `/v1/identities/${encodeURIComponent(identity)}/block?reason=${REASON}`;
    return { value: { identity }, request: { method: 'DELETE', path } };
  },
};

/**
 * An operator changes something. Operators wait for one another, so that it is known which of two writes came last.
 *
 * @param {import('../run/world.js').World} world
 * @param {{ write: keyof typeof WRITES } & Record<string, any>} event
 */
export function writeAsOperator(world, event) {
  world.operators = world.operators.then(() => writeOne(world, event)).catch((error) => world.fail(error));
  return world.operators;
}

async function writeOne(world, event) {
  const { history, clock } = world;
  const place = world.placeOf(world.turn(), null);
  const send = ({ method, path, body, headers = {} }) =>
    ask(place, clock, {
      ...{ method, path, body: body === undefined ? '' : JSON.stringify(body) },
      headers: { authorization: `Bearer ${OPS_KEY}`, 'content-type': 'application/json', ...headers },
    });
  const prepared = await WRITES[event.write](world, event, send);
  if (prepared === null) return;
  const written = { ...{ write: event.write, value: prepared.value }, outcome: 'unknown', requestId: null };
  history.writes.push(Object.assign(written, { sentMs: clock.now(), answeredMs: Number.POSITIVE_INFINITY }));
  const { status, body, headers, answeredMs, gateway, incarnation } = await send(prepared.request);
  Object.assign(written, { gateway, incarnation });
  history.countAnswer(`operator: ${event.write}`, status === 0 ? 'no answer' : (body?.code ?? 'done'));
  if (status === 0 || status >= 500) return;
  const outcome = status < 300 ? 'done' : 'refused';
  Object.assign(written, { outcome, answeredMs, requestId: headers['x-request-id'] ?? null });
  if (event.write === 'raise' && outcome === 'done') written.value.id = body.id;
}
