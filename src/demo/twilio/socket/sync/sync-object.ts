/** An entry of a map (by key) or of a list (by index, from 0). */
export interface SyncItem {
  key: string | number;
  data: Record<string, unknown>;
}

/**
 * What the SDK reads the state of a chat from: a document, a map or a list of Twilio Sync. The fake keeps none; each
 * is a view of the model, addressed by its name.
 */
export type SyncObject =
  | { kind: 'document'; name: string; data: Record<string, unknown> }
  | { kind: 'map' | 'list'; name: string; items: readonly SyncItem[] };

export type SyncKind = SyncObject['kind'];
