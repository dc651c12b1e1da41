import { findObject } from '../sync/find-object.ts';
import type { SyncItem, SyncKind, SyncObject } from '../sync/sync-object.ts';
import { type UpstreamAnswer, type UpstreamCall, upstreamError } from './call.ts';

const PLURALS: Readonly<Record<string, SyncKind>> = { Documents: 'document', Maps: 'map', Lists: 'list' };
const PAGE_ITEMS_MAX = 100;

/** `GET /v3/{Documents|Maps|Lists}/{name}` */
export function readSyncObject(call: UpstreamCall): UpstreamAnswer {
  const object = find(call);
  if (object === null) return missing();
  const { name, kind } = object;
  const common = { ...describe(call), sid: name, unique_name: name };
  const uri = call.url.origin + call.url.pathname;
  if (kind === 'document') return { status: 200, body: { ...common, url: uri, data: object.data } };
  const items = call.url.searchParams.get('Include') === 'items' ? { items: describeAll(call, object) } : {};
  return { status: 200, body: { ...common, url: uri, links: { items: `${uri}/Items` }, ...items } };
}

/** `GET /v3/{Maps|Lists}/{name}/Items`, by key or index, or a page from some place on. */
export function readSyncItems(call: UpstreamCall): UpstreamAnswer {
  const object = find(call);
  if (object === null || object.kind === 'document') return missing();
  const { searchParams } = call.url;
  const wanted = searchParams.get('Key') ?? searchParams.get('Index');
  const all = describeAll(call, object);
  if (wanted !== null)
    return page(
      all.filter((item) => String(keyOf(item)) === wanted),
      false,
      false,
    );

  const from = searchParams.get('From');
  const ordered = searchParams.get('Order') === 'desc' ? all.reverse() : all;
  const start =
    from === null
      ? 0
      : Math.max(
          0,
          ordered.findIndex((item) => String(keyOf(item)) === from),
        );
  const size = Math.min(PAGE_ITEMS_MAX, Math.max(1, Number(searchParams.get('PageSize') ?? 50) || 50));
  return page(ordered.slice(start, start + size), start > 0, start + size < ordered.length);
}

function page(items: readonly object[], before: boolean, after: boolean): UpstreamAnswer {
  const meta = { previous_token: before ? 'before' : null, next_token: after ? 'after' : null };
  return { status: 200, body: { items, meta } };
}

function find({ service, identity, path: [plural = '', name = ''] }: UpstreamCall): SyncObject | null {
  const object = findObject(service, identity, name);
  return object !== null && object.kind === PLURALS[plural] ? object : null;
}

function missing(): UpstreamAnswer {
  return upstreamError(404, 54100, 'Unique name not found');
}

/** All items, by key as Sync sorts a map, or by index. */
function describeAll(
  call: UpstreamCall,
  { kind, items }: Extract<SyncObject, { items: readonly SyncItem[] }>,
) {
  const sorted = kind === 'list' ? [...items] : items.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return sorted.map(({ key, data }) => ({
    ...describe(call),
    ...(kind === 'list' ? { index: key } : { key }),
    data,
    url: `${call.url.origin}${call.url.pathname}/${key}`,
  }));
}

function keyOf(item: { key?: string | number; index?: string | number }) {
  return item.key ?? item.index;
}

function describe({ hub, model }: UpstreamCall) {
  const id = hub.lastEventId();
  return { revision: id.toString(16), last_event_id: id, date_updated: new Date(model.now()).toISOString() };
}
