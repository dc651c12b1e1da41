import fc from 'fast-check';
import { DEFAULT_SERVICE, parseServiceName, type ServiceName } from '../../../src/domain/service-name.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { createClassByPrefix } from '../../../src/signals/class-by-prefix.ts';
import type { RecordEvidence } from '../../../src/signals/ports.ts';
import { createCheckSignature } from '../../../src/signals/webhook/check-signature.ts';
import { EVENT_RULES } from '../../../src/signals/webhook/event-rules.ts';
import { createTakeEvent } from '../../../src/signals/webhook/take-event.ts';
import { createTakeWebhook } from '../../../src/signals/webhook/take-webhook.ts';
import { createWebhookSignatures } from '../../../src/twilio/webhook-signatures.ts';
import { identityOf, monthNamed } from '../../ledger/contract/builders.ts';
import { AUTH_TOKEN, signWebhook, type WebhookForm, webhookForm } from '../../support/twilio-webhook.ts';

const ACCOUNT = `AC${'1'.repeat(32)}`;
const URL = 'https://gateway.example/v1/webhooks/twilio';
const NOW_MS = Date.parse('2026-12-02T12:00:00Z');
const SIGNATURES = createWebhookSignatures([AUTH_TOKEN]);
const CLASS_OF = createClassByPrefix([{ name: 'member', prefix: 'm_' }]);

const months = ['2026-11', '2026-12'].map(monthNamed);
const members = ['m_ann', 'm_bob', 'cleo'].map(identityOf);
const people = ['m_ann', 'm_bob', 'cleo', 'system', 'Mr. No', '+15550001111'];
const instant = fc
  .integer({ min: Date.parse('2026-11-30T20:00:00Z'), max: Date.parse('2026-12-01T04:00:00Z') })
  .map((at) => new Date(at).toISOString());

/** How far everybody has read before, which a backend told: updates up to there are about something else. */
const KNOWN_INDEX = 4;

const event: fc.Arbitrary<WebhookForm> = fc
  .record({
    // Oftener those that make something unread, and those that read it.
    type: fc.oneof(
      fc.constantFrom('onMessageAdded', 'onParticipantAdded', 'onParticipantUpdated'),
      fc.constantFrom(...Object.keys(EVENT_RULES), 'onSomethingNew'),
    ),
    byThemselves: fc.boolean(),
    source: fc.constantFrom('SDK', 'API', 'SMS'),
    who: fc.constantFrom(...people),
    client: fc.option(fc.constantFrom(...people)),
    address: fc.option(fc.constantFrom('+15550001111', 'whatsapp:+15550001111', '12345')),
    index: fc.nat(9),
    at: instant,
  })
  .map(({ type, byThemselves, who, address, index, at, ...by }) => {
    const source = byThemselves ? 'SDK' : by.source;
    const client = byThemselves && by.client !== null ? who : by.client;
    const isOwn = type === 'onParticipantUpdated' && source === 'SDK' && (client === null || client === who);
    // What others tell speaks against what is told of later, and cannot do so once that is counted.
    const lastRead = isOwn ? index : Math.min(index, KNOWN_INDEX);
    return webhookForm(ACCOUNT, type, {
      ...{ Source: source, Author: who, Identity: who, Index: String(index) },
      ...{ LastReadMessageIndex: String(lastRead), ConversationSid: conversationOf(at) },
      ...{ DateCreated: at, DateUpdated: at, DateRemoved: at },
      ...(client === null ? {} : { ClientIdentity: client }),
      ...(address === null ? {} : { 'MessagingBinding.Address': address }),
    });
  });

/** One of each month: what is told late of a month speaks against nothing that was counted in the next. */
function conversationOf(at: string): string {
  return `CH${(at < '2026-12' ? '1' : '2').repeat(32)}`;
}

/** What is known before anything else is told. */
export const before: readonly WebhookForm[] = people.flatMap((who) =>
  ['2026-11-30', '2026-12-01'].map((day) =>
    webhookForm(ACCOUNT, 'onParticipantUpdated', {
      ...{ Source: 'API', Identity: who, LastReadMessageIndex: String(KNOWN_INDEX) },
      ...{ DateUpdated: '2026-10-20T12:00:00Z', ConversationSid: conversationOf(day) },
    }),
  ),
);

/** A clean list of events, and the same events three times each in any order. */
export const streams = fc
  .array(event, { minLength: 1, maxLength: 15 })
  .chain((clean) =>
    fc.tuple(
      fc.constant(clean),
      fc.shuffledSubarray([...clean, ...clean, ...clean], { minLength: clean.length * 3 }),
    ),
  );

let services = 0;

/** A service that nobody has used yet. */
export function freshService(): ServiceName {
  services += 1;
  return parseServiceName(`s${services}`) ?? DEFAULT_SERVICE;
}

/** Brings each event to the ledger by itself, and evidence and marks apart. */
export function recordApart(ledger: Ledger): RecordEvidence {
  return async (service, evidence, marks = []) => {
    await ledger.record(service, evidence);
    await ledger.record(service, [], marks);
  };
}

/**
 * Sends events through the whole use case, each with a right signature. All at once, in their order: whoever brings them
 * to the ledger may gather them.
 */
export async function sendAll(
  recordEvidence: RecordEvidence,
  name: ServiceName,
  forms: readonly WebhookForm[],
): Promise<void> {
  const takeWebhook = createTakeWebhook({
    signatures: SIGNATURES,
    checkSignature: createCheckSignature(() => {}),
    takeEvent: createTakeEvent({
      services: [{ name, accountSid: ACCOUNT, serviceSid: `IS${'1'.repeat(32)}` }],
      classOf: CLASS_OF,
      recordEvidence,
      onEvent: () => {},
    }),
    onEvent: () => {},
  });
  const common = { url: URL, otherUrls: () => [], service: null, nowMs: NOW_MS };
  const send = (params: WebhookForm) =>
    takeWebhook({ ...common, params, signature: signWebhook(URL, params) });
  for (const refusal of await Promise.all(forms.map(send))) {
    if (refusal !== null) throw new Error(refusal.detail);
  }
}

/** Everything that events may change. */
export async function snapshot(ledger: Ledger, service: ServiceName) {
  const read = await Promise.all(
    months.map(async (month) => {
      const { masks, all, byClass, conversations } = await ledger.totals(service, month);
      const { items } = await ledger.identities(service, month, { after: null, limit: 100 });
      const sums = masks
        .map(({ className, mask, identities }) => `${className} ${mask} ${identities}`)
        .sort();
      return { all, byClass, sums, conversations, items };
    }),
  );
  const unread = await Promise.all(members.map((member) => ledger.unread(service, member)));
  return { months: read, unread };
}
