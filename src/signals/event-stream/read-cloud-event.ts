import type { WebhookParams } from '../ports.ts';

/** Event types of the stream by the webhook that tells the same. */
const TYPE = /^com\.twilio\.conversations\.([a-z-]+)\.(added|updated|removed)$/;
/** Events have some dozen fields; more of them, or longer ones, are not looked at. */
const FIELDS_MAX = 200;
const TEXT_MAX = 4_096;

/**
 * An event of the stream as the parameters of the webhook that tells the same, so that the same rules read both; null
 * for what is no CloudEvent (1.0, structured JSON).
 *
 * Twilio's examples spell fields as webhooks do, with bindings nested: `MessagingBinding: { Address }`; its other
 * streams spell them `message_sid` or `messageSid`, so all three are taken. A field that comes in two spellings with
 * two values is read as missing. Twilio's schemas name neither `Source` nor `ClientIdentity`; should they come, they
 * mean what they mean in a webhook.
 *
 * https://www.twilio.com/docs/events/event-types
 */
export function readCloudEvent(event: unknown): WebhookParams | null {
  if (!isObject(event) || typeof event['type'] !== 'string' || !isObject(event['data'])) return null;
  const params: Record<string, string | string[]> = {};
  addFields(params, '', event['data']);
  params['EventType'] = webhookType(event['type']);
  const { time } = event;
  if (params['Timestamp'] === undefined && typeof time === 'string' && time.length <= TEXT_MAX) {
    params['Timestamp'] = time;
  }
  return params;
}

/** `onParticipantAdded` for `com.twilio.conversations.participant.added`; other types as they are. */
function webhookType(type: string): string {
  const [, noun, verb] = TYPE.exec(type) ?? [];
  if (noun === undefined || verb === undefined) return type;
  return `on${pascal(noun)}${pascal(verb)}`;
}

function addFields(params: Record<string, string | string[]>, prefix: string, fields: object): void {
  for (const [name, value] of Object.entries(fields).slice(0, FIELDS_MAX)) {
    const text = textOf(value);
    // Own names only: whatever they are called, they are looked up one by one.
    const field = `${prefix}${pascal(name)}`;
    if (text !== null) {
      const known = Object.hasOwn(params, field) ? params[field] : undefined;
      params[field] = known === undefined || known === text ? text : [text, ''];
    } else if (prefix === '' && isObject(value)) addFields(params, `${field}.`, value);
  }
}

/** What a form would say; null for what is no plain value or too long to be one that is read. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value.length > TEXT_MAX ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** `DateCreated` for `date_created`, `dateCreated` and `date-created`. */
function pascal(name: string): string {
  return name.replace(/(?:^|[_-]+)([A-Za-z0-9])/g, (_match, first: string) => first.toUpperCase());
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
