/*
 * Answers whatever comes with the same bytes: shows how fast the load generator itself is. It may only be taken at its
 * word for servers that are well slower.
 */
import { createServer } from 'node:net';

const body = JSON.stringify({ outcome: 'minted', token: 'x'.repeat(700) });
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Padding: ${'x'.repeat(700)}\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body}`,
);

const server = createServer({ noDelay: true }, (socket) => {
  // A request of the load generator arrives in one piece.
  socket.on('data', () => socket.write(answer));
  socket.on('error', () => {});
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.once('disconnect', () => process.exit(0));
