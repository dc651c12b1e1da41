import fc from 'fast-check';
import { DEFAULT_SERVICE, parseServiceName, type ServiceName } from '../../../src/domain/service-name.ts';
import { bitOf } from '../../../src/domain/signal.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { createClassByPrefix } from '../../../src/signals/class-by-prefix.ts';
import { EVENT_RULES } from '../../../src/signals/webhook/event-rules.ts';
import { createTakeWebhook } from '../../../src/signals/webhook/take-webhook.ts';
import { createWebhookSignatures } from '../../../src/twilio/webhook-signatures.ts';
import { monthNamed } from '../../ledger/contract/builders.ts';
import { AUTH_TOKEN, signWebhook, type WebhookForm, webhookForm } from '../../support/twilio-webhook.ts';

const ACCOUNT = `AC${'1'.repeat(32)}`;
const URL = 'https://gateway.example/v1/webhooks/twilio';
const NOW_MS = Date.parse('2026-12-02T12:00:00Z');
const SIGNATURES = createWebhookSignatures([AUTH_TOKEN]);
const RETURNING = bitOf('returning');
const CLASS_OF = createClassByPrefix([{ name: 'member', prefix: 'm_' }]);

const people = ['m_ann', 'm_bob', 'cleo', 'system', 'Mr. No', '+15550001111'];
const instant = fc
  .integer({ min: Date.parse('2026-11-30T20:00:00Z'), max: Date.parse('2026-12-01T04:00:00Z') })
  .map((at) => new Date(at).toISOString());

const event: fc.Arbitrary<WebhookForm> = fc
  .record({
    type: fc.constantFrom(...Object.keys(EVENT_RULES), 'onSomethingNew'),
    source: fc.constantFrom('SDK', 'API', 'SMS'),
    who: fc.constantFrom(...people),
    client: fc.option(fc.constantFrom(...people)),
    address: fc.option(fc.constantFrom('+15550001111', 'whatsapp:+15550001111', '12345')),
    at: instant,
  })
  .map(({ type, source, who, client, address, at }) =>
    webhookForm(ACCOUNT, type, {
      ...{ Source: source, Author: who, Identity: who, LastReadMessageIndex: '3' },
      ...{ DateCreated: at, DateUpdated: at, DateRemoved: at },
      ...(client === null ? {} : { ClientIdentity: client }),
      ...(address === null ? {} : { 'MessagingBinding.Address': address }),
    }),
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

/** Sends events through the whole use case, each with a right signature. */
export async function sendAll(
  ledger: Ledger,
  name: ServiceName,
  forms: readonly WebhookForm[],
): Promise<void> {
  const takeWebhook = createTakeWebhook({
    signatures: SIGNATURES,
    services: [{ name, accountSid: ACCOUNT, serviceSid: `IS${'1'.repeat(32)}` }],
    classOf: CLASS_OF,
    recordEvidence: (service, evidence) => ledger.record(service, evidence),
    onEvent: () => {},
  });
  const common = { url: URL, otherUrls: () => [], service: null, nowMs: NOW_MS };
  for (const params of forms) {
    const refusal = await takeWebhook({ ...common, params, signature: signWebhook(URL, params) });
    if (refusal !== null) throw new Error(refusal.detail);
  }
}

/**
 * Everything that evidence may change, but for the days' newcomers, who belong to whoever came first, and the mark
 * `returning`: the ledger sets it when it first sees somebody in a month, and not when it learns later that they were
 * in the month before.
 */
export async function snapshot(ledger: Ledger, service: ServiceName) {
  const months = ['2026-11', '2026-12'].map(monthNamed);
  return Promise.all(
    months.map(async (month) => {
      const { masks, all, byClass } = await ledger.totals(service, month);
      const { items } = await ledger.identities(service, month, { after: null, limit: 100 });
      const sums: Record<string, number> = {};
      for (const { className, mask, identities } of masks) {
        const key = `${className} ${mask & ~RETURNING}`;
        sums[key] = (sums[key] ?? 0) + identities;
      }
      return { all, byClass, sums, items: items.map((item) => ({ ...item, mask: item.mask & ~RETURNING })) };
    }),
  );
}
