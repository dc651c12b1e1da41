import type { FakeConversation, FakeService } from '../model/records.ts';
import { addressOf, type FakeAnswer, type FakeRead, fakeError, notFound, secondOf } from './answers.ts';
import { fakePage } from './pages.ts';

/** `GET /v1/Services/{IS}/Conversations?StartDate&EndDate&State`; the dates are those of creation. */
export function listConversations({ model, url, path: [serviceSid = ''] }: FakeRead): FakeAnswer {
  const service = model.account.services.get(serviceSid);
  if (service === undefined) return notFound({ url });
  const from = dateOf(url, 'StartDate', Number.NEGATIVE_INFINITY);
  const until = dateOf(url, 'EndDate', Number.POSITIVE_INFINITY);
  const state = url.searchParams.get('State');
  if (Number.isNaN(from) || Number.isNaN(until)) {
    return fakeError(400, 50357, 'Dates must be in the ISO 8601 format');
  }
  const found = [...service.conversations.values()].filter(
    ({ createdAt, state: is }) => createdAt >= from && createdAt <= until && (state === null || is === state),
  );
  // As documented: with one of the dates, the latest come first.
  const items =
    url.searchParams.has('StartDate') || url.searchParams.has('EndDate') ? found.reverse() : found;
  const bodies = items.map((conversation) => bodyOf(model.account.sid, service, conversation));
  return fakePage({ key: 'conversations', items: bodies, url, sizeMax: 100 });
}

/** `GET /v1/Services/{IS}/Conversations/{CH or unique name}` */
export function fetchConversation(read: FakeRead): FakeAnswer {
  const [service, conversation] = findConversation(read);
  if (service === null || conversation === null) return notFound(read);
  return { status: 200, body: bodyOf(read.model.account.sid, service, conversation) };
}

export function findConversation({
  model,
  path: [serviceSid = '', name = ''],
}: FakeRead): [FakeService | null, FakeConversation | null] {
  const service = model.account.services.get(serviceSid) ?? null;
  if (service === null) return [null, null];
  const bySid = service.conversations.get(name);
  return [
    service,
    bySid ?? [...service.conversations.values()].find((one) => one.uniqueName === name) ?? null,
  ];
}

function dateOf(url: URL, name: string, otherwise: number): number {
  const text = url.searchParams.get(name);
  return text === null ? otherwise : Date.parse(text);
}

function bodyOf(accountSid: string, service: FakeService, conversation: FakeConversation): object {
  const url = addressOf(`/Services/${service.sid}/Conversations/${conversation.sid}`);
  return {
    sid: conversation.sid,
    account_sid: accountSid,
    chat_service_sid: service.sid,
    messaging_service_sid: null,
    friendly_name: conversation.friendlyName,
    unique_name: conversation.uniqueName,
    attributes: conversation.attributes,
    state: conversation.state,
    date_created: secondOf(conversation.createdAt),
    date_updated: secondOf(conversation.updatedAt),
    timers: {},
    bindings: null,
    url,
    links: { participants: `${url}/Participants`, messages: `${url}/Messages`, webhooks: `${url}/Webhooks` },
  };
}
