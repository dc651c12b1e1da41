import { inParallel } from '../../tools/cases.js';
import { hold, statusesOf } from '../../tools/socket.js';

const PIPELINED = 3_000;

/** Many of everything: requests at once and in a row, headers, cookies, parameters, streams. */
export async function sendMany({ ground, tally, rounds }) {
  const { secrets, gateways, send } = ground;
  const { port } = gateways.open;
  const admin = { authorization: `Bearer ${secrets.adminKey}` };
  const answers = await inParallel(Array.from({ length: Math.max(500, 4 * rounds) }), 500, () =>
    send({ port, path: '/livez' }),
  );
  const unanswered = answers.find(({ status }) => status !== 200);
  tally.check(`${answers.length} at once are all answered`, unanswered === undefined, unanswered);

  const line = 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n';
  const pipe = await hold(port, line.repeat(PIPELINED));
  for (
    let waited = 0;
    waited < 100 && statusesOf(pipe.heard()).length < PIPELINED && pipe.isOpen();
    waited++
  ) {
    await pipe.closedWithin(100);
  }
  const inRow = statusesOf(pipe.heard());
  pipe.end();
  tally.check(
    `${PIPELINED} in a row on one connection`,
    inRow.every((status) => status === 200),
    inRow.length,
  );

  const deaf = await hold(port, `GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(300));
  deaf.end();
  const cases = {
    'two thousand headers': {
      headers: Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`x-${n}`, 'x'])),
    },
    'twelve kilobytes of cookies': {
      headers: { cookie: Array.from({ length: 1_500 }, (_, n) => `c${n}=x`).join('; ') },
    },
    'a thousand parameters': {
      path: `/v1/months?${Array.from({ length: 1_500 }, (_, n) => `p${n}=1`).join('&')}`,
      headers: admin,
    },
    'one cookie a thousand times': {
      path: '/v1/months',
      headers: { cookie: Array.from({ length: 900 }, () => '__Host-mg_ops=x').join('; ') },
    },
    'a long identity': { path: `/v1/identities/${'x'.repeat(8_000)}`, headers: admin },
    'a long cursor': { path: `/v1/months/current/mints?cursor=${'A'.repeat(8_000)}`, headers: admin },
    'a long search': { path: `/v1/months/current/identities?q=${'%25'.repeat(2_500)}`, headers: admin },
    'a long range of tags': {
      path: '/v1/months/current',
      headers: { ...admin, 'if-none-match': Array.from({ length: 1_500 }, (_, n) => `"${n}"`).join(',') },
    },
    'a long list of types': {
      path: '/v1/months',
      headers: { ...admin, accept: Array.from({ length: 700 }, (_, n) => `text/x${n};q=0.1`).join(',') },
    },
  };
  for (const [name, request] of Object.entries(cases)) {
    const answer = await send({ port, path: '/livez', ...request });
    tally.check(name, answer.status > 0 && answer.status < 500, answer);
  }
  const streams = await Promise.all(
    Array.from({ length: 150 }, () =>
      hold(port, `GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${secrets.viewerKey}\r\n\r\n`),
    ),
  );
  await streams[0].closedWithin(1_000);
  const statuses = streams.flatMap(({ heard }) => statusesOf(heard()));
  for (const { end } of streams) end();
  const open = statuses.filter((status) => status === 200).length;
  tally.check(
    'one operator opens no more streams than allowed',
    open < streams.length && !statuses.some((status) => status >= 500 && status !== 503),
    `${open} of ${streams.length}`,
  );
}
