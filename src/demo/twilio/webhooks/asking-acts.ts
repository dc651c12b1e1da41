import { signForm } from '../../../twilio/sign-webhook.ts';
import type { FakeModel } from '../model/create-fake-model.ts';
import type { NewParticipant } from '../model/participant-acts.ts';
import type { FakeMessage, FakeParticipant, FakeWebhookSettings } from '../model/records.ts';
import type { ActOptions } from '../model/world.ts';

export interface AskingActsOptions {
  authToken: string;
  /** After so long without an answer an act happens, ms; 5 s as at Twilio unless told. */
  timeoutMs?: number;
}

/** Acts of clients about which a pre-action webhook is asked first; null: it was refused, and nothing happened. */
export interface AskingActs {
  addParticipant(
    conversation: string,
    who: NewParticipant,
    options?: Omit<ActOptions, 'source' | 'webhooks'>,
  ): Promise<FakeParticipant | null>;
  sendMessage(
    conversation: string,
    message: { body: string },
    options: Omit<ActOptions, 'source' | 'webhooks'> & { client: string },
  ): Promise<FakeMessage | null>;
}

const TIMEOUT_MS = 5_000;

/**
 * As Twilio does: an answer of 400 or above refuses, no answer in time lets the act happen. Calls by REST are never
 * asked about.
 */
export function createAskingActs(model: FakeModel, { authToken, timeoutMs }: AskingActsOptions): AskingActs {
  async function isRefused(
    type: 'onParticipantAdd' | 'onMessageAdd',
    { service, client }: ActOptions,
    fields: Record<string, string>,
  ): Promise<boolean> {
    const [first] = model.account.services.keys();
    const own = model.account.services.get(service ?? first ?? '');
    const form: Record<string, string> = {
      AccountSid: model.account.sid,
      EventType: type,
      Source: 'SDK',
      ...(client === undefined ? {} : { ClientIdentity: client }),
      ...fields,
    };
    for (const url of targetsOf([own?.webhooks, model.account.webhooks], type)) {
      const headers = {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'x-twilio-signature': await signForm(authToken, url, form),
      };
      const body = new URLSearchParams(form).toString();
      const signal = AbortSignal.timeout(timeoutMs ?? TIMEOUT_MS);
      const answer = await fetch(url, { method: 'POST', headers, body, signal }).catch(() => null);
      await answer?.arrayBuffer();
      if (answer !== null && answer.status >= 400) return true;
    }
    return false;
  }

  return {
    async addParticipant(conversation, who, options = {}) {
      const identity = 'identity' in who ? who.identity : undefined;
      const asked = { ...options, ...(identity === undefined ? {} : { client: options.client ?? identity }) };
      const fields = { ConversationSid: conversation, Attributes: '{}', ...fieldsOf(who) };
      if (await isRefused('onParticipantAdd', asked, fields)) return null;
      return model.addParticipant(conversation, who, asked);
    },

    async sendMessage(conversation, { body }, options) {
      const fields = { ConversationSid: conversation, Author: options.client, Body: body, Attributes: '{}' };
      if (await isRefused('onMessageAdd', options, fields)) return null;
      return model.sendMessage(conversation, { body }, options);
    },
  };
}

function fieldsOf(who: NewParticipant): Record<string, string> {
  if ('identity' in who) return { Identity: who.identity, 'MessagingBinding.Type': 'CHAT' };
  const { type, address, proxyAddress } = who.binding;
  return {
    'MessagingBinding.Type': type.toUpperCase(),
    'MessagingBinding.Address': address,
    'MessagingBinding.ProxyAddress': proxyAddress,
  };
}

function targetsOf(settings: readonly (FakeWebhookSettings | undefined)[], type: string): string[] {
  return settings.flatMap((one) => (one?.preUrl && one.filters.includes(type) ? [one.preUrl] : []));
}
