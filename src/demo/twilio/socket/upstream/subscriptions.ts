import { findObject } from '../sync/find-object.ts';
import { type UpstreamAnswer, type UpstreamCall, upstreamError } from './call.ts';

/** For confirmations and what is sent again; events that are just happening come under the name of their kind. */
const SYNC_EVENT = 'twilio.sync.event';
/** How long the SDK waits for a confirmation before it asks again, ms. */
const DELIVERY_MS = 500;
const BATCH_MAX = 100;

/** `POST /v4/Subscriptions`: the client wants to hear of Sync objects, or no longer. */
export function changeSubscriptions(call: UpstreamCall): UpstreamAnswer {
  const { action, correlation_id: correlation, requests } = call.body;
  if (!Array.isArray(requests)) return upstreamError(400, 54000, 'Malformed request');
  const wanted = requests.slice(0, BATCH_MAX).map((request: Record<string, unknown> | null) => ({
    name: String(request?.['object_sid']),
    type: request?.['object_type'],
    since: Number(request?.['last_event_id'] ?? 0) || 0,
  }));
  const after = () => {
    for (const { name, type, since } of wanted) {
      const about = { object_sid: name, object_type: type };
      const confirm = (event: string, more: object) =>
        call.notify(SYNC_EVENT, {
          event_type: event,
          correlation_id: correlation,
          event: { ...about, ...more },
        });
      if (action === 'cancel') {
        call.subscriptions.delete(name);
        confirm('subscription_canceled', {});
      } else if (findObject(call.service, call.identity, name) === null) {
        confirm('subscription_failed', { error: { message: 'Not found', status: 404, code: 54100 } });
      } else {
        call.subscriptions.add(name);
        for (const { message } of call.hub.eventsSince(name, since)) {
          call.notify(SYNC_EVENT, { ...message, strictly_ordered: true });
        }
        const done = { replay_status: 'completed', last_event_id: call.hub.lastEventId() };
        confirm('subscription_established', done);
      }
    }
  };
  return { status: 200, body: { max_batch_size: BATCH_MAX, estimated_delivery_in_ms: DELIVERY_MS }, after };
}
