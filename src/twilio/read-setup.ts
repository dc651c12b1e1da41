import type { ServiceName } from '../domain/service-name.ts';
import { textOrNullOf, textsOf } from './read-text.ts';
import type { OpenedService, TwilioServices } from './twilio-services.ts';

/** Where events go; null targets are not set, and events that are not among the filters do not fire. */
export interface WebhookTargets {
  preUrl: string | null;
  postUrl: string | null;
  filters: string[];
  /** `GET` or `POST`; null when Twilio does not say. */
  method: string | null;
}

/** How a service is set up at Twilio, as far as it bears on who is counted. */
export interface TwilioSetup {
  /** Whether Twilio tells who is online. */
  reachability: boolean;
  /** What the roles that people get by themselves let a browser do, such as `addParticipant`. */
  permissions: {
    /** Of every user. */
    user: string[];
    /** Of a member of a conversation. */
    member: string[];
    /** Of whoever made it. */
    creator: string[];
  };
  webhooks: {
    /** Of the whole account. */
    account: WebhookTargets;
    service: WebhookTargets;
  };
  /** Numbers that open a conversation of this service when somebody unknown writes to them. */
  openingNumbers: number;
}

/** Reads how services are set up; each read is a handful of calls, and fails with `TwilioUnavailable`. */
export interface SetupReader {
  read(service: ServiceName): Promise<TwilioSetup>;
}

/** Far above what an account has. */
const ROLES_MAX = 200;
const ADDRESSES_MAX = 1_000;
/** The library asks for pages as large as the whole unless told, which Twilio does not give. */
const PAGE_ITEMS = 50;

export function createSetupReader(services: TwilioServices): SetupReader {
  return { read: (service) => services.read(service, readSetup) };
}

async function readSetup({ twilio, serviceSid }: OpenedService): Promise<TwilioSetup> {
  const { v1 } = twilio.conversations;
  const service = v1.services(serviceSid);
  // One after the other: nobody waits for them, and they count against the account's limits.
  const configuration = await service.configuration().fetch();
  const roles = await service.roles.list({ limit: ROLES_MAX, pageSize: PAGE_ITEMS });
  const ownWebhooks = await service.configuration.webhooks().fetch();
  const accountWebhooks = await v1.configuration.webhooks().fetch();
  const addresses = await v1.addressConfigurations.list({ limit: ADDRESSES_MAX, pageSize: PAGE_ITEMS });
  const permissionsOf = (sid: string | null) => textsOf(roles.find((role) => role.sid === sid)?.permissions);
  return {
    reachability: configuration.reachabilityEnabled === true,
    permissions: {
      user: permissionsOf(configuration.defaultChatServiceRoleSid),
      member: permissionsOf(configuration.defaultConversationRoleSid),
      creator: permissionsOf(configuration.defaultConversationCreatorRoleSid),
    },
    webhooks: { account: targetsOf(accountWebhooks), service: targetsOf(ownWebhooks) },
    openingNumbers: addresses.filter(({ autoCreation }) => opensConversation(autoCreation, serviceSid))
      .length,
  };
}

function targetsOf(webhooks: {
  preWebhookUrl: unknown;
  postWebhookUrl: unknown;
  filters: unknown;
  method: unknown;
}): WebhookTargets {
  const { preWebhookUrl, postWebhookUrl, filters, method } = webhooks;
  return {
    preUrl: textOrNullOf(preWebhookUrl),
    postUrl: textOrNullOf(postWebhookUrl),
    filters: textsOf(filters),
    method: textOrNullOf(method),
  };
}

/** Without a service of its own, a number belongs to the account's default one, which may be this. */
function opensConversation(autoCreation: unknown, serviceSid: string): boolean {
  const { enabled, conversation_service_sid: own } = (autoCreation ?? {}) as Record<string, unknown>;
  return enabled === true && (own === serviceSid || own === null || own === undefined);
}
