import { signBody } from '../../../twilio/sign-webhook.ts';
import type { FakeModel } from '../model/create-fake-model.ts';
import { buildEventMessage, type FakeCloudEvent } from './event-message.ts';

export interface StreamSenderOptions {
  authToken: string;
  /** Address of the sink. */
  url: string;
  /** Events of one request; 100 unless told. */
  batchMax?: number;
}

/** Event Streams of a model: events gather, and go out in batches when told. */
export interface StreamSender {
  /** The status of each batch. Batches that were not taken wait for the next time. */
  flush(): Promise<number[]>;
  waiting(): number;
}

/** Sends what webhooks tell as CloudEvents too, in order, as often as it takes until the sink has them. */
export function createStreamSender(
  model: FakeModel,
  { authToken, url, batchMax = 100 }: StreamSenderOptions,
): StreamSender {
  const queue: FakeCloudEvent[] = [];
  let events = 0;

  model.onEvent((event) => {
    if (!event.webhooks) return;
    const id = `EZ${(++events).toString(16).padStart(32, '0')}`;
    const message = buildEventMessage(model.account.sid, event, id);
    if (message !== null) queue.push(message);
  });

  return {
    waiting: () => queue.length,
    async flush() {
      const statuses: number[] = [];
      while (queue.length > 0) {
        const batch = queue.slice(0, batchMax);
        const body = JSON.stringify(batch);
        const signed = await signBody(authToken, url, body);
        const headers = { 'content-type': 'application/json', 'x-twilio-signature': signed.signature };
        const response = await fetch(signed.url, { method: 'POST', headers, body });
        await response.arrayBuffer();
        statuses.push(response.status);
        if (!response.ok) break;
        queue.splice(0, batch.length);
      }
      return statuses;
    },
  };
}
