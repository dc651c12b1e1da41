import { inParallel } from '../../tools/cases.js';
import { speak, statusesOf } from '../../tools/socket.js';

/** Nothing is there; its answer names it, and so tells that the request was heard. */
const HIDDEN = '/v1/smuggled';
const HOST = 'Host: chat.attack.example';
const GET = `GET ${HIDDEN} HTTP/1.1\r\n${HOST}\r\n\r\n`;
const LENGTH = GET.length;

const post = (headers, body) =>
  `POST /v1/tokens HTTP/1.1\r\n${HOST}\r\nContent-Type: application/json\r\n${headers.join('\r\n')}\r\n\r\n${body}`;

/** Two readers in a row may disagree where each of these ends: it is refused as a whole, and the connection closed. */
const SPLIT = {
  'CL.TE': post([`Content-Length: ${5 + LENGTH}`, 'Transfer-Encoding: chunked'], `0\r\n\r\n${GET}`),
  'TE.CL': post(
    ['Transfer-Encoding: chunked', 'Content-Length: 4'],
    `${LENGTH.toString(16)}\r\n${GET}\r\n0\r\n\r\n`,
  ),
  'TE.TE, the second unheard of': post(
    ['Transfer-Encoding: chunked', 'Transfer-Encoding: cow'],
    `0\r\n\r\n${GET}`,
  ),
  'TE.TE, the first unheard of': post(
    ['Transfer-Encoding: cow', 'Transfer-Encoding: chunked', 'Content-Length: 3'],
    `0\r\n\r\n${GET}`,
  ),
  'chunked, then identity': post(['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${GET}`),
  'an encoding like chunked': post(['Transfer-Encoding: xchunked'], `0\r\n\r\n${GET}`),
  'chunked in quotes': post(['Transfer-Encoding: "chunked"'], `0\r\n\r\n${GET}`),
  'chunked behind a vertical tab': post(['Transfer-Encoding: \u000bchunked'], `0\r\n\r\n${GET}`),
  'a name with a blank': post(['Transfer-Encoding : chunked', 'Content-Length: 0'], `0\r\n\r\n${GET}`),
  'a folded header': post(['Transfer-Encoding:\r\n chunked', 'Content-Length: 0'], `0\r\n\r\n${GET}`),
  'a folded length': post(['Content-Length:\r\n 0'], GET),
  'two lengths': post(['Content-Length: 0', `Content-Length: ${LENGTH}`], GET),
  'two equal lengths': post(['Content-Length: 0', 'Content-Length: 0'], GET),
  'a list of lengths': post([`Content-Length: 0, ${LENGTH}`], GET),
  'a length with a sign': post(['Content-Length: +0'], GET),
  'a length below nothing': post(['Content-Length: -1'], GET),
  'a length in hex': post(['Content-Length: 0x0'], GET),
  'a length in words': post(['Content-Length: none'], GET),
  'a length without end': post(['Content-Length: 99999999999999999999'], GET),
  'a chunk below nothing': post(['Transfer-Encoding: chunked'], `-1\r\n${GET}`),
  'a chunk with a prefix': post(['Transfer-Encoding: chunked'], `0x0\r\n\r\n${GET}`),
  'a chunk without end': post(['Transfer-Encoding: chunked'], `fffffffffffffffff\r\n${GET}`),
  'a chunk that ends late': post(['Transfer-Encoding: chunked'], `1\r\nxx\r\n0\r\n\r\n${GET}`),
  'bare line feeds': GET.replaceAll('\r\n', '\n'),
  'a bare carriage return': `GET /livez HTTP/1.1\r\n${HOST}\rX: y\r\n\r\n${GET}`,
  'a NUL in a header': `GET /livez HTTP/1.1\r\n${HOST}\r\nX: a\0b\r\n\r\n${GET}`,
  'a NUL in a name': `GET /livez HTTP/1.1\r\n${HOST}\r\nX\0: a\r\n\r\n${GET}`,
  'a header without a name': `GET /livez HTTP/1.1\r\n${HOST}\r\n: a\r\n\r\n${GET}`,
  'a header without a colon': `GET /livez HTTP/1.1\r\n${HOST}\r\nx\r\n\r\n${GET}`,
  'a folded host': `GET /livez HTTP/1.1\r\nHost:\r\n evil.example\r\n\r\n${GET}`,
  'no host': `GET /livez HTTP/1.1\r\n\r\n${GET}`,
  'HTTP/2 in clear': `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${GET}`,
  'a version that is none': `GET ${HIDDEN} HTTP/1.9\r\n${HOST}\r\n\r\n`,
  'a blank in the address': `GET ${HIDDEN} x HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'a method in small letters': `get ${HIDDEN} HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'a method that is none': `G(T ${HIDDEN} HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'a tunnel': `CONNECT chat.attack.example:443 HTTP/1.1\r\n${HOST}\r\n\r\n${GET}`,
  'a TLS greeting': Buffer.from('16030100a5010000a10303', 'hex'),
  'a proxy header': `PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n${GET}`,
};

/** Whole requests: each is answered, and by nobody else's words. */
const WHOLE = {
  'two in a row': [`GET /livez HTTP/1.1\r\n${HOST}\r\n\r\n${GET}`, [200, 404]],
  'a refused body, then another': [post([`Content-Length: 2`], `{}${GET}`), [400, 404]],
  'chunked, then another': [post(['Transfer-Encoding: chunked'], `2\r\n{}\r\n0\r\n\r\n${GET}`), [400, 404]],
};

export async function splitRequests({ ground, tally }) {
  for (const gateway of Object.values(ground.gateways)) {
    const listen = async (bytes) => {
      const heard = await speak(gateway.port, bytes);
      ground.witness.see('a connection', heard);
      return heard;
    };
    // Each on a connection of its own, and most of them take as long as it takes to be sure that nothing more comes.
    await inParallel(Object.entries(SPLIT), 8, async ([name, bytes]) => {
      const heard = await listen(bytes);
      const statuses = statusesOf(heard);
      const alone = statuses.length <= 1 && statuses.every((status) => status >= 400 && status < 500);
      tally.check(`${name} hides no request (${gateway.name})`, alone && !heard.includes(HIDDEN), heard);
    });
    for (const [name, [bytes, expected]] of Object.entries(WHOLE)) {
      const heard = await listen(bytes);
      // Without these nobody could tell that the ones above are heard at all.
      const same = JSON.stringify(statusesOf(heard)) === JSON.stringify(expected);
      tally.check(`${name}: each is answered (${gateway.name})`, same && heard.includes(HIDDEN), heard);
    }
    const old = await listen(`GET /livez\r\n\r\n${GET}`);
    tally.check(
      `HTTP/0.9 is one request (${gateway.name})`,
      statusesOf(old).length <= 1 && !old.includes(HIDDEN),
      old,
    );
    const twoHosts = await listen(`GET ${HIDDEN} HTTP/1.1\r\n${HOST}\r\nHost: evil.example\r\n\r\n`);
    tally.check(
      `two hosts (${gateway.name})`,
      !twoHosts.includes('evil.example') && !statusesOf(twoHosts).includes(200),
      twoHosts,
    );
    const upgrade = await listen(
      `GET /livez HTTP/1.1\r\n${HOST}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`,
    );
    tally.check(`an upgrade is not taken (${gateway.name})`, !statusesOf(upgrade).includes(101), upgrade);
  }
}
