import { randomUUID } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import type { FakeModel } from '../model/create-fake-model.ts';
import type { FakeClock } from './fake-clock.ts';
import { encodeFrame, type Frame, parseFrame } from './frame.ts';
import type { SyncEvent, SyncHub } from './sync/hub.ts';
import { type TokenRefusal, tokenRefusal } from './token-refusal.ts';
import { answerUpstream } from './upstream/answer-upstream.ts';
import { upstreamError } from './upstream/call.ts';
import { readUpstream } from './upstream/read-upstream.ts';
import { type Grant, type TokenAuthority, verifyToken } from './verify-token.ts';
import { watchExpiry } from './watch-expiry.ts';

export interface SessionParts {
  model: FakeModel;
  authority: TokenAuthority;
  clock: FakeClock;
  hub: SyncHub;
  /** Looked at before a token is: such a status goes out in place of an answer, `hang` gives none. */
  fault: () => TokenFault | null;
}

/** As the SDK reads it: `code` decides what it does, `errorCode` says why. */
export interface SocketStatus {
  code: number;
  status: string;
  description?: string;
  errorCode?: number;
}

/** What can be wrong with Twilio itself. */
export type TokenFault = 'hang' | SocketStatus;

/** How long a connection may say nothing of who it is, ms. */
const INIT_MS = 10_000;
const OK: SocketStatus = { code: 200, status: 'OK' };

/** One client of the SDK, from its first frame to its last. Not before `init` has shown a good token is anybody there. */
export function runSession(socket: WebSocket, parts: SessionParts): void {
  const { model, authority, clock, hub, fault } = parts;
  const subscriptions = new Set<string>();
  let grant: Grant | null = null;
  let endWatch = () => {};
  const endHub = hub.listen(forward);
  const wait = setTimeout(() => socket.terminate(), INIT_MS).unref();

  socket.on('message', (data: RawData) => {
    const frame = parseFrame(data as Buffer);
    if (frame === null) leave(406, 'Not acceptable');
    else receive(frame);
  });
  // A frame that is too large, or no frame of a web socket: the socket is closed, there is nobody to tell.
  socket.on('error', () => {});
  socket.once('close', () => {
    clearTimeout(wait);
    endWatch();
    endHub();
    if (grant !== null) model.disconnect(grant.identity, { service: grant.serviceSid });
  });

  function receive({ header, payload }: Frame): void {
    const { method, id } = header;
    switch (method) {
      case 'init':
      case 'update':
        authenticate(method, id, header['token']);
        break;
      case 'message':
        if (grant === null) leave(401, 'Unauthorized');
        else passOn(grant, header, payload);
        break;
      case 'close':
        socket.close();
        break;
      case 'reply':
        break;
      default:
        // `ping`, telemetry and push registrations: taken, and nothing comes of them.
        reply(id, OK);
    }
  }

  function authenticate(method: 'init' | 'update', id: unknown, token: unknown): void {
    const wrong = fault();
    if (wrong === 'hang') return;
    const status = wrong ?? admit(token);
    const isNew = method === 'init' && status === OK;
    reply(id, status, isNew ? { continuation_token: randomUUID(), capabilities: ['client_update'] } : {});
  }

  /** Every token that is taken makes its identity active, also one that only takes the place of another. */
  function admit(token: unknown): SocketStatus {
    const verdict = verifyToken(token, authority, clock.now());
    if (!verdict.ok) return statusOf(verdict.refusal);
    // What Twilio does with somebody else's token on an open socket is not known; it cannot be let through.
    if (grant !== null && grant.identity !== verdict.grant.identity) return statusOf(tokenRefusal(51007));
    clearTimeout(wait);
    endWatch();
    grant = verdict.grant;
    model.connect(grant.identity, { service: grant.serviceSid });
    endWatch = watchExpiry(clock, grant.expiresAt, {
      onAboutToExpire: () =>
        send({ method: 'client_update', id: newId(), client_update_type: 'token_about_to_expire' }),
      onExpired: () => leave(410, 'Token expired'),
    });
    return OK;
  }

  function passOn({ serviceSid, identity }: Grant, header: Frame['header'], payload: unknown): void {
    const service = model.account.services.get(serviceSid);
    const request = readUpstream(header['http_request']);
    const { status, body, after } =
      service === undefined || request === null
        ? upstreamError(400, 20001, 'Malformed request')
        : answerUpstream(request.method, {
            ...{ model, service, identity, hub, subscriptions, notify },
            url: request.url,
            body: isRecord(payload) ? payload : {},
          });
    const answer = { http_status: { code: status, status: String(status) }, http_headers: {} };
    reply(header['id'], OK, answer, body);
    after?.();
  }

  function forward({ name, message }: SyncEvent): void {
    if (!subscriptions.has(name)) return;
    notify(`com.twilio.rtd.cds.${message.event_type.split('_')[0]}`, message);
  }

  function notify(type: string, payload: unknown): void {
    send({ method: 'notification', id: newId(), message_type: type }, payload);
  }

  /** Tells why, and hangs up. 410 is a token's end, 406 a frame that cannot be read. */
  function leave(code: number, status: string): void {
    send({ method: 'close', id: newId(), status: { code, status } });
    socket.close();
  }

  function reply(id: unknown, status: SocketStatus, more: object = {}, payload?: unknown): void {
    send({ method: 'reply', id, status, ...more }, payload);
  }

  function send(header: Record<string, unknown>, payload?: unknown): void {
    if (socket.readyState === socket.OPEN) socket.send(encodeFrame(header, payload));
  }
}

function statusOf({ status, code, description }: TokenRefusal): SocketStatus {
  const name = status === 401 ? 'UNAUTHORIZED' : 'FORBIDDEN';
  return { code: status, status: name, description, errorCode: code };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function newId(): string {
  return `TM${randomUUID()}`;
}
