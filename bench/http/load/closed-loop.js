import { openConnection } from './connection.js';
import { createTally } from './tally.js';

/**
 * As fast as the server answers: each connection sends its next request when the answer to the last is there.
 *
 * @param {object} options
 * @param {number} options.port
 * @param {number} options.connections
 * @param {number} options.seconds no request is sent later than this
 * @param {number} options.requestsMax nor more than so many
 * @param {number} options.first n of the first request
 * @param {(n: number) => Buffer} options.requestOf
 * @param {{ status: number, mark: string }} options.expected
 */
export async function runClosedLoop({ port, connections, seconds, requestsMax, first, requestOf, expected }) {
  const tally = createTally();
  let sent = 0;
  let underway = 0;
  let endsAt = Number.POSITIVE_INFINITY;
  let lastAnswerAt = 0;
  let finish;
  const finished = new Promise((resolve) => {
    finish = resolve;
  });

  function sendNext(connection) {
    connection.send(requestOf(first + sent));
    sent += 1;
    underway += 1;
  }

  const open = await Promise.all(
    Array.from({ length: Math.min(connections, requestsMax) }, () =>
      openConnection(port, expected, {
        onAnswer(connection, answer) {
          tally.add(answer);
          underway -= 1;
          lastAnswerAt = performance.now();
          if (lastAnswerAt < endsAt && sent < requestsMax) sendNext(connection);
          else if (underway === 0) finish();
        },
        onLost(reason) {
          tally.lose(reason);
          finish();
        },
      }),
    ),
  );

  const startedAt = performance.now();
  endsAt = startedAt + seconds * 1000;
  for (const connection of open) sendNext(connection);
  await finished;
  for (const connection of open) connection.close();
  const { answered, unexpected, samples } = tally;
  return { answered, unexpected, samples, sent, seconds: (lastAnswerAt - startedAt) / 1000 };
}
