/*
 * Sends signed webhooks at a fixed rate, a process of its own. Everything is built and signed before the first is sent;
 * afterwards it tells of each whether it was acknowledged and how long that took.
 */
import twilio from 'twilio';
import { runOpenLoop } from '../../http/load/open-loop.js';
import { buildEventMix, formOf } from '../event-mix.js';

const ACKNOWLEDGED = 200;

const { count, from, lengthMs, url, authToken } = JSON.parse(process.argv[2]);
const events = buildEventMix(count);
const last = events.reduce((latest, { happened }) => Math.max(latest, happened), 0);
const requests = events.map((event) => {
  const form = formOf(event, new Date(from + (event.happened / last) * lengthMs).toISOString());
  const signature = twilio.getExpectedTwilioSignature(authToken, url, form);
  const body = new URLSearchParams(form).toString();
  return Buffer.from(
    `POST ${new URL(url).pathname} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Twilio-Signature: ${signature}\r\n` +
      `Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    'latin1',
  );
});

process.on('message', (job) => {
  const accepted = new Uint8Array(count);
  const latencies = new Float64Array(count);
  const answeredAtMs = new Float64Array(count);
  runOpenLoop({
    ...job,
    ...{ count, first: 0, requestOf: (n) => requests[n], expected: { status: ACKNOWLEDGED, mark: '' } },
    onAnswered(n, { status }, milliseconds) {
      accepted[n] = status === ACKNOWLEDGED ? 1 : 0;
      latencies[n] = milliseconds;
      answeredAtMs[n] = Date.now();
    },
  }).then(
    ({ samples }) => process.send({ result: { accepted, latencies, answeredAtMs, samples } }),
    (error) => process.send({ error: error.stack }),
  );
});
process.once('disconnect', () => process.exit(0));
process.send('ready');
