import request, { type Test } from 'supertest';
import type { Identity } from '../../src/domain/identity.ts';
import { parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE, parseServiceName, type ServiceName } from '../../src/domain/service-name.ts';
import type { ConversationMark } from '../../src/ledger/conversations.ts';
import type { Given } from '../config/support.ts';
import { type GuestGateway, loginOf, NOW_MS, openGuestGateway } from './guest-gateway.ts';

export const PATH = '/v1/me/unread';
export const SHOP = parseServiceName('shop') as ServiceName;
export const ROOM = `CH${'1'.repeat(32)}`;
export const OTHER_ROOM = `CH${'2'.repeat(32)}`;
const MONTH = parseMonth('2026-11')!;

export interface UnreadGateway extends GuestGateway {
  /** Asks for what waits, as ada unless told. */
  unread(headers?: Record<string, string>, path?: string): Test;
  /** Somebody's identity, learnt in the other service so that the default one does not count them. */
  identityOf(name: string): Promise<Identity>;
  /** Somebody is in a conversation, has read so far, and there are so many messages. */
  waits(
    identity: Identity,
    room: string,
    read: number,
    messages: number,
    service?: ServiceName,
  ): Promise<void>;
  /** Everything that the default service counts. */
  counted(): Promise<{ all: number; minted: number; reused: number; refused: Record<string, number> }>;
}

/** The whole gateway over an embedded ledger in memory, with people, guests and two services. */
export async function openUnreadGateway(given: Given = {}): Promise<UnreadGateway> {
  const open = await openGuestGateway(given);
  const { ledger } = open.gateway;
  return {
    ...open,
    unread: (headers = { Authorization: loginOf('ada') }, path = PATH) =>
      request(open.gateway.app).get(path).set(headers),
    async identityOf(name) {
      const { body } = await open
        .post('/v1/tokens', { intent: 'open_chat', service: 'shop' })
        .set('Authorization', loginOf(name));
      return body.identity;
    },
    async waits(identity, conversation, read, messages, service = DEFAULT_SERVICE) {
      const at = NOW_MS - 60_000;
      const marks: ConversationMark[] = [
        { kind: 'member', conversation, identity, lastRead: read, at },
        { kind: 'message', conversation, index: messages - 1, author: null, at },
      ];
      await ledger.record(service, [], marks);
    },
    async counted() {
      const { all, minted, reused, refused } = await ledger.totals(DEFAULT_SERVICE, MONTH);
      return { all, minted, reused, refused };
    },
  };
}
