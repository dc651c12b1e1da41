import { setTimeout as sleep } from 'node:timers/promises';
import { hold, statusesOf } from '../../tools/socket.js';
import { TAKING } from './oversized.js';

const IDLE = 600;
const SLOW = 200;
const STEP_MS = 250;
/** Routes that wait for a body before they say anything; guard requests are let through in a second. */
const SLOW_ROUTES = TAKING.filter(([path]) => /tokens|guests|links|beacons|twilio$/.test(path));
/** Node looks every 30 s for headers that take longer than 10 s, and for requests that take longer than 30 s. */
const HEADERS_END_MS = 45_000;
const BODIES_END_MS = 70_000;
const SMOKE_MS = 2_000;

/** Connections that say nothing, or a letter at a time. */
export async function holdSlowly({ ground, tally, smoke }) {
  const { port } = ground.gateways.open;
  const guard = await guardAnswers(port);
  tally.check('a guard request whose body never ends is let through in time', guard, 'no answer in a second');

  const startedAt = performance.now();
  const idle = await Promise.all(Array.from({ length: IDLE }, () => hold(port)));
  const heads = await Promise.all(
    Array.from({ length: SLOW }, () =>
      hold(port, 'POST /v1/tokens HTTP/1.1\r\nHost: chat.attack.example\r\nX-Slow: '),
    ),
  );
  const bodies = await Promise.all(
    Array.from({ length: SLOW }, (_, n) => {
      const [path, type] = SLOW_ROUTES[n % SLOW_ROUTES.length];
      return hold(
        port,
        `POST ${path} HTTP/1.1\r\nHost: chat.attack.example\r\nContent-Type: ${type}\r\nContent-Length: 8000\r\n\r\n`,
      );
    }),
  );
  const all = [...idle, ...heads, ...bodies];
  const refusedAtOnce = all.filter(({ isOpen }) => !isOpen()).length;
  tally.check(`${all.length} slow connections are taken`, refusedAtOnce === 0, `${refusedAtOnce} were not`);
  const isOver = smoke
    ? () => performance.now() - startedAt > SMOKE_MS
    : () => performance.now() - startedAt > BODIES_END_MS || all.every(({ isOpen }) => !isOpen());
  let headsEndedMs = null;
  while (!isOver()) {
    for (const { write } of [...heads, ...bodies]) write('a');
    await sleep(STEP_MS);
    if (headsEndedMs === null && heads.every(({ isOpen }) => !isOpen()))
      headsEndedMs = performance.now() - startedAt;
  }
  if (!smoke) {
    tally.check(
      'headers a letter at a time are given up',
      headsEndedMs !== null && headsEndedMs < HEADERS_END_MS,
      `${headsEndedMs} ms`,
    );
    tally.figure('slow headers', `given up after ${Math.round((headsEndedMs ?? 0) / 1000)} s`);
    for (const [name, connections] of Object.entries({
      'connections that say nothing': idle,
      'bodies a letter at a time': bodies,
    })) {
      const left = connections.filter(({ isOpen }) => isOpen()).length;
      tally.check(`${name} are given up`, left === 0, `${left} of ${connections.length} are open`);
    }
    const told = [...heads, ...bodies].flatMap(({ heard }) => statusesOf(heard()));
    tally.check(
      'who is given up is told why, and nothing else',
      told.every((status) => [400, 403, 408].includes(status)),
      told.find((status) => status !== 408),
    );
  }
  for (const { end } of all) end();
}

async function guardAnswers(port) {
  const slow = await hold(
    port,
    'POST /v1/webhooks/twilio/guard HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\na=',
  );
  for (let waited = 0; waited < 30 && statusesOf(slow.heard()).length === 0; waited++) await sleep(50);
  const [status] = statusesOf(slow.heard());
  slow.end();
  return status === 200;
}
