import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Clock } from '../../../domain/clock.ts';
import type { FakeModel } from '../model/create-fake-model.ts';
import { createFakeClock } from './fake-clock.ts';
import { runSession, type SessionParts } from './session.ts';
import { createSyncHub } from './sync/hub.ts';

export interface FakeTwilsockOptions {
  model: FakeModel;
  /** Keys that may sign tokens, secret by SID. Looked up at each token: a key taken out ends its tokens. */
  apiKeys: ReadonlyMap<string, string>;
  clock: Clock;
  /** How much faster than `clock` tokens grow old; default 1. The model's `now` stays its own. */
  speed?: number;
  fault?: SessionParts['fault'];
}

export interface FakeTwilsock {
  /** `ws://127.0.0.1:…`, to be given to the SDK: `new Client(token, { Twilsock: { uri: url } })`. */
  url: string;
  /** Connections so far, let in or not. */
  opened(): number;
  /** Connections that are open. */
  open(): number;
  /** Hangs up on everybody, as when a network is gone; they may come again. */
  drop(): void;
  close(): Promise<void>;
}

/** More than any frame of a chat; what is longer ends its connection. */
const FRAME_BYTES_MAX = 65_536;

/**
 * The socket that `@twilio/conversations` speaks to, on a free port of this machine and on top of the fake's model:
 * tokens are checked as Twilio does, whoever is let in becomes an active user, and chats work.
 */
export async function startFakeTwilsock(options: FakeTwilsockOptions): Promise<FakeTwilsock> {
  const { model, apiKeys, clock, speed, fault = () => null } = options;
  const path = '/v3/wsconnect';
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path, maxPayload: FRAME_BYTES_MAX });
  const parts: SessionParts = {
    model,
    authority: { accountSid: model.account.sid, services: model.account.services, apiKeys },
    clock: createFakeClock(clock, speed),
    hub: createSyncHub(model),
    fault,
  };
  let opened = 0;
  server.on('connection', (socket) => {
    opened += 1;
    runSession(socket, parts);
  });
  await once(server, 'listening');
  const drop = () => {
    for (const socket of server.clients) socket.terminate();
  };
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    opened: () => opened,
    open: () => server.clients.size,
    drop,
    close: () =>
      new Promise((resolve) => {
        drop();
        server.close(() => resolve());
      }),
  };
}
