import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { encodeFrame, type Frame, parseFrame } from '../../../src/demo/twilio/socket/frame.ts';
import { systemClock } from '../../../src/system-clock.ts';
import { type FakeAccountSocket, SERVICE_SID, signToken, startAccount } from './support/fake-account.ts';
import { until } from './support/sdk.ts';

let account: FakeAccountSocket;

beforeAll(async () => {
  account = await startAccount(systemClock);
});
afterAll(() => account.twilsock.close());

/** A bare socket, with the frames that came. */
async function open() {
  const socket = new WebSocket(account.twilsock.url);
  const frames: Frame[] = [];
  socket.on('message', (data) => frames.push(parseFrame(data as Buffer)!));
  await once(socket, 'open');
  const closed = once(socket, 'close').then(([code]) => code as number);
  return { socket, frames, closed };
}

describe('frames', () => {
  it('survive the way there and back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.object(), (header, payload) => {
        const known = JSON.parse(JSON.stringify({ ...header, payload_size: 0, payload_type: 0 }));
        const read = parseFrame(encodeFrame(header, payload));
        expect(Object.keys(read?.header ?? {}).sort()).toEqual(Object.keys(known).sort());
        expect(read?.payload).toEqual(JSON.parse(JSON.stringify(payload)));
      }),
    );
  });

  it('are never made of other bytes, and never break the reader', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(parseFrame(Buffer.from(bytes))).toBeNull();
      }),
    );
  });
});

describe('a hostile client', () => {
  it('is told 406 for what is no frame, and hung up on', async () => {
    const { socket, frames, closed } = await open();
    socket.send('GET / HTTP/1.1');
    await closed;
    expect(frames.map(({ header }) => header)).toMatchObject([{ method: 'close', status: { code: 406 } }]);
  });

  it('reads nothing before it has shown a token', async () => {
    const { socket, frames, closed } = await open();
    const http_request = { host: 'aim.us1.twilio.com', path: '/Client/v2/Configuration', method: 'GET' };
    socket.send(encodeFrame({ method: 'message', id: '1', http_request }));
    await closed;
    expect(frames.map(({ header }) => header)).toMatchObject([{ method: 'close', status: { code: 401 } }]);
  });

  it('is hung up on for a frame that is too large', async () => {
    const { socket, closed } = await open();
    socket.send(encodeFrame({ method: 'init', id: '1', token: 'x'.repeat(70_000) }));
    expect(await closed).toBe(1009);
  });

  it('is refused at any other path', async () => {
    const socket = new WebSocket(account.twilsock.url.replace('wsconnect', 'other'));
    await expect(once(socket, 'open')).rejects.toThrow('400');
  });

  it('can send what it likes once it is in: the socket answers, and goes on', async () => {
    const { socket, frames } = await open();
    socket.send(encodeFrame({ method: 'init', id: 'init', token: signToken() }));
    const base = `/Client/v2/Services/${SERVICE_SID}`;
    const paths = fc.constantFrom(
      ...['/v4/Subscriptions', '/v3/Maps/x', '/v3/Maps/%/Items', '/v3/Lists/x/Items', '//', 'x', ''],
      ...[`${base}/Conversations`, `${base}/Conversations/x/Messages`, `${base}/Users/ada/Conversations/x`],
      ...['/Client/v2/Services/other/Conversations', `${base}/Conversations/__proto__/Participants/%ff`],
    );
    const requests = fc.record({
      host: fc.constantFrom('aim.us1.twilio.com', 'cds.us1.twilio.com', 'x y', ''),
      path: fc.oneof({ weight: 9, arbitrary: paths }, fc.string()),
      method: fc.constantFrom('GET', 'POST', 'DELETE', 'NONE'),
      params: fc.jsonValue(),
    });
    const bodies = fc.record({
      action: fc.string(),
      requests: fc.array(fc.jsonValue()),
      body: fc.jsonValue(),
    });
    for (const [request, body] of fc.sample(fc.tuple(requests, fc.oneof(bodies, fc.jsonValue())), {
      numRuns: 1000,
      seed: 1,
    })) {
      socket.send(encodeFrame({ method: 'message', id: 'm', http_request: request }, body));
    }
    socket.send(encodeFrame({ method: 'ping', id: 'last' }));
    await until(() => frames.some(({ header }) => header['id'] === 'last'));
    const answers = frames.filter(({ header }) => header['id'] === 'm');
    expect(answers).toHaveLength(1000);
    expect(new Set(answers.map(({ header }) => (header['http_status'] as { code: number }).code))).toEqual(
      new Set([200, 201, 400, 404]),
    );
    socket.close();
  });
});
