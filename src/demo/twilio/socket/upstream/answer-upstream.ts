import { FakeRefusal } from '../../model/world.ts';
import { type UpstreamAnswer, type UpstreamCall, upstreamError } from './call.ts';
import { readConfiguration } from './configuration.ts';
import {
  addParticipant,
  createConversation,
  listMyConversations,
  readMyConversation,
  removeParticipant,
  sendMessage,
  tellTyping,
} from './conversation-calls.ts';
import { changeSubscriptions } from './subscriptions.ts';
import { readSyncItems, readSyncObject } from './sync-calls.ts';

const SERVICE = '/Client/v2/Services/{}';

/** What the SDK may ask inside the socket; `{}` is a variable place. The service named is always the token's own. */
const CALLS: Readonly<Record<string, (call: UpstreamCall) => UpstreamAnswer>> = {
  'GET /Client/v2/Configuration': readConfiguration,
  [`GET ${SERVICE}/Users/{}/Conversations`]: listMyConversations,
  [`POST ${SERVICE}/Users/{}/Conversations/{}`]: readMyConversation,
  [`POST ${SERVICE}/Conversations`]: createConversation,
  [`POST ${SERVICE}/Conversations/{}/Messages`]: sendMessage,
  [`POST ${SERVICE}/Conversations/{}/Participants`]: addParticipant,
  [`DELETE ${SERVICE}/Conversations/{}/Participants/{}`]: removeParticipant,
  [`POST ${SERVICE}/Typing`]: tellTyping,
  'GET /v3/{}/{}': readSyncObject,
  'GET /v3/{}/{}/Items': readSyncItems,
  'POST /v4/Subscriptions': changeSubscriptions,
};

const ROUTES = Object.entries(CALLS).map(([route, answer]) => ({
  pattern: new RegExp(`^${route.replaceAll('{}', '([^/]+)')}$`),
  ofService: route.includes(SERVICE),
  answer,
}));

/** Answers a tunnelled request of a client that has been let in. */
export function answerUpstream(method: string, call: Omit<UpstreamCall, 'path'>): UpstreamAnswer {
  for (const { pattern, ofService, answer } of ROUTES) {
    const match = pattern.exec(`${method} ${call.url.pathname}`);
    if (match === null) continue;
    const path = match.slice(1).map(decode);
    if (ofService && path[0] !== call.service.sid) break;
    try {
      return answer({ ...call, path });
    } catch (error) {
      if (error instanceof FakeRefusal) return upstreamError(400, error.code, error.message);
      throw error;
    }
  }
  return upstreamError(404, 20404, 'The requested resource was not found');
}

/** A name that cannot be decoded is the name of nothing. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
