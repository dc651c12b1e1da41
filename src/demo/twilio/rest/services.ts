import type { FakeService } from '../model/records.ts';
import { addressOf, type FakeAnswer, type FakeRead, notFound, secondOf } from './answers.ts';
import { fakePage } from './pages.ts';

/** `GET /v1/Services` */
export function listServices(read: FakeRead): FakeAnswer {
  const items = [...read.model.account.services.values()].map((service) => bodyOf(read, service));
  return fakePage({ key: 'services', items, url: read.url, sizeMax: 100 });
}

/** `GET /v1/Services/{IS}` */
export function fetchService(read: FakeRead): FakeAnswer {
  const service = read.model.account.services.get(read.path[0] ?? '');
  return service === undefined ? notFound(read) : { status: 200, body: bodyOf(read, service) };
}

/** `GET /v1/Services/{IS}/Roles` */
export function listRoles(read: FakeRead): FakeAnswer {
  const service = read.model.account.services.get(read.path[0] ?? '');
  if (service === undefined) return notFound(read);
  const items = service.roles.map((role) => ({
    sid: role.sid,
    account_sid: read.model.account.sid,
    chat_service_sid: service.sid,
    friendly_name: role.friendlyName,
    type: role.type,
    permissions: role.permissions,
    date_created: secondOf(service.createdAt),
    date_updated: secondOf(service.createdAt),
    url: addressOf(`/Services/${service.sid}/Roles/${role.sid}`),
  }));
  return fakePage({ key: 'roles', items, url: read.url });
}

function bodyOf({ model }: FakeRead, service: FakeService): object {
  const url = addressOf(`/Services/${service.sid}`);
  const links = {
    conversations: `${url}/Conversations`,
    users: `${url}/Users`,
    roles: `${url}/Roles`,
    bindings: `${url}/Bindings`,
    configuration: `${url}/Configuration`,
    participant_conversations: `${url}/ParticipantConversations`,
    conversation_with_participants: `${url}/ConversationWithParticipants`,
  };
  return {
    sid: service.sid,
    account_sid: model.account.sid,
    friendly_name: service.friendlyName,
    date_created: secondOf(service.createdAt),
    date_updated: secondOf(service.createdAt),
    ...{ url, links },
  };
}
