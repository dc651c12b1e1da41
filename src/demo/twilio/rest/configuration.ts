import type { FakeWebhookSettings } from '../model/records.ts';
import { addressOf, type FakeAnswer, type FakeRead, notFound, secondOf } from './answers.ts';
import { fakePage } from './pages.ts';

/** `GET /v1/Configuration` */
export function fetchConfiguration({ model }: FakeRead): FakeAnswer {
  const url = addressOf('/Configuration');
  const body = {
    account_sid: model.account.sid,
    default_chat_service_sid: model.account.services.keys().next().value ?? null,
    default_messaging_service_sid: null,
    default_inactive_timer: null,
    default_closed_timer: null,
    url,
    links: { service: addressOf('/Services'), webhooks: `${url}/Webhooks` },
  };
  return { status: 200, body };
}

/** `GET /v1/Configuration/Webhooks`: of the whole account. */
export function fetchAccountWebhooks({ model }: FakeRead): FakeAnswer {
  const body = {
    account_sid: model.account.sid,
    ...webhooksOf(model.account.webhooks),
    target: 'webhook',
    url: addressOf('/Configuration/Webhooks'),
  };
  return { status: 200, body };
}

/** `GET /v1/Services/{IS}/Configuration` */
export function fetchServiceConfiguration(read: FakeRead): FakeAnswer {
  const service = read.model.account.services.get(read.path[0] ?? '');
  if (service === undefined) return notFound(read);
  const url = addressOf(`/Services/${service.sid}/Configuration`);
  const body = {
    chat_service_sid: service.sid,
    default_conversation_creator_role_sid: service.defaultRoles.conversationCreator,
    default_conversation_role_sid: service.defaultRoles.conversation,
    default_chat_service_role_sid: service.defaultRoles.service,
    reachability_enabled: service.reachability,
    url,
    links: { notifications: `${url}/Notifications`, webhooks: `${url}/Webhooks` },
  };
  return { status: 200, body };
}

/** `GET /v1/Services/{IS}/Configuration/Webhooks` */
export function fetchServiceWebhooks(read: FakeRead): FakeAnswer {
  const service = read.model.account.services.get(read.path[0] ?? '');
  if (service === undefined) return notFound(read);
  const body = {
    account_sid: read.model.account.sid,
    chat_service_sid: service.sid,
    ...webhooksOf(service.webhooks),
    url: addressOf(`/Services/${service.sid}/Configuration/Webhooks`),
  };
  return { status: 200, body };
}

/** `GET /v1/Configuration/Addresses`: numbers, and whether messages to them open conversations. */
export function listAddresses({ model, url }: FakeRead): FakeAnswer {
  const items = model.account.addresses.map(({ sid, type, address, autoCreation }) => ({
    sid,
    account_sid: model.account.sid,
    ...{ type, address },
    friendly_name: null,
    address_country: 'US',
    auto_creation: {
      enabled: autoCreation.enabled,
      type: 'default',
      conversation_service_sid: autoCreation.serviceSid,
    },
    date_created: secondOf(model.account.createdAt),
    date_updated: secondOf(model.account.createdAt),
    url: addressOf(`/Configuration/Addresses/${sid}`),
  }));
  return fakePage({ key: 'address_configurations', items, url });
}

function webhooksOf({ preUrl, postUrl, filters }: FakeWebhookSettings) {
  return { pre_webhook_url: preUrl, post_webhook_url: postUrl, method: 'POST', filters };
}
