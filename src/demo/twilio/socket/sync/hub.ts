import type { FakeModel } from '../../model/create-fake-model.ts';
import { changesOf, type SyncChange } from './changes.ts';

/** A change on its way to whoever subscribed to the object. */
export interface SyncEvent {
  /** Rises with every event of the fake, whatever object it is of. */
  id: number;
  name: string;
  /** As the SDK wants it. */
  message: { event_type: string; events: Record<string, unknown>[] };
}

export interface SyncHub {
  /** Id of the latest event; 0 before the first. */
  lastEventId(): number;
  /** Of one object, later than an event that a client knows. Older ones than the last thousand are forgotten. */
  eventsSince(name: string, id: number): readonly SyncEvent[];
  /** Every event from now on, of all objects; the answer ends it. */
  listen(listener: (event: SyncEvent) => void): () => void;
}

/** Kept for clients that subscribe just after they have read. */
const EVENTS_KEPT = 1000;

/** Turns what happens in the model into events of Sync objects. */
export function createSyncHub(model: FakeModel): SyncHub {
  const listeners = new Set<(event: SyncEvent) => void>();
  const kept: SyncEvent[] = [];
  let lastId = 0;
  model.onEvent((happened) => {
    const service = model.account.services.get(happened.serviceSid);
    if (service === undefined) return;
    for (const change of changesOf(happened, service)) {
      const event = eventOf(change, ++lastId, happened.at);
      kept.push(event);
      if (kept.length > EVENTS_KEPT) kept.shift();
      for (const listener of listeners) listener(event);
    }
  });
  return {
    lastEventId: () => lastId,
    eventsSince: (name, id) => kept.filter((event) => event.name === name && event.id > id),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function eventOf(change: SyncChange, id: number, at: number): SyncEvent {
  const { type, name } = change;
  const common = { id, date_created: new Date(at).toISOString() };
  const revision = id.toString(16);
  if (type === 'document_updated') {
    const body = { ...common, document_sid: name, document_data: change.data, document_revision: revision };
    return { id, name, message: { event_type: type, events: [body] } };
  }
  const [kind] = type.split('_');
  const { key, data } = change.item;
  const place = kind === 'list' ? { list_sid: name, item_index: key } : { map_sid: name, item_key: key };
  const body = { ...common, ...place, item_data: data, item_revision: revision, item_url: `/${name}/${key}` };
  return { id, name, message: { event_type: type, events: [body] } };
}
