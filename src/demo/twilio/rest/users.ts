import type { FakeService, FakeUser } from '../model/records.ts';
import { addressOf, type FakeAnswer, type FakeRead, notFound, secondOf } from './answers.ts';
import { fakePage } from './pages.ts';

/** `GET /v1/Services/{IS}/Users` */
export function listUsers(read: FakeRead): FakeAnswer {
  const service = read.model.account.services.get(read.path[0] ?? '');
  if (service === undefined) return notFound(read);
  // Whether they are there, only a read of the one user tells.
  const items = [...service.users.values()].map((user) => bodyOf(read, service, user, null));
  return fakePage({ key: 'users', items, url: read.url });
}

/** `GET /v1/Services/{IS}/Users/{US or identity}` */
export function fetchUser(read: FakeRead): FakeAnswer {
  const service = read.model.account.services.get(read.path[0] ?? '');
  const user = findUser(service, read.path[1] ?? '');
  if (service === undefined || user === null) return notFound(read);
  return { status: 200, body: bodyOf(read, service, user, service.reachability ? user.online : null) };
}

export function findUser(service: FakeService | undefined, name: string): FakeUser | null {
  if (service === undefined) return null;
  const byIdentity = service.users.get(name);
  return byIdentity ?? [...service.users.values()].find(({ sid }) => sid === name) ?? null;
}

function bodyOf({ model }: FakeRead, service: FakeService, user: FakeUser, online: boolean | null): object {
  const url = addressOf(`/Services/${service.sid}/Users/${user.sid}`);
  return {
    sid: user.sid,
    account_sid: model.account.sid,
    chat_service_sid: service.sid,
    role_sid: user.roleSid,
    identity: user.identity,
    friendly_name: user.friendlyName,
    attributes: user.attributes,
    is_online: online,
    is_notifiable: online === null ? null : false,
    date_created: secondOf(user.createdAt),
    date_updated: secondOf(user.updatedAt),
    url,
    links: { user_conversations: `${url}/Conversations` },
  };
}
