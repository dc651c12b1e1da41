import { DEFAULT_SERVICE, type ServiceName } from '../domain/service-name.ts';
import type { Assets } from './assets.ts';
import type { Operator } from './operator.ts';

export const THEMES = ['system', 'light', 'dark'] as const;

/** `system` follows the device. */
export type Theme = (typeof THEMES)[number];

export function parseTheme(text: unknown): Theme {
  return THEMES.find((theme) => theme === text) ?? 'system';
}

/** What every page of the dashboard needs besides its own content. */
export interface Frame {
  assets: Assets;
  demo: boolean;
  theme: Theme;
  /** Path and query of the page; opening it again shows the same. */
  address: string;
  /** Who is signed in; null on pages that anybody gets. */
  visitor: Visitor | null;
}

export interface Visitor {
  operator: Operator;
  /** Whether a session opened the page, which can be ended, rather than a key sent along. */
  signedIn: boolean;
  service: ServiceName;
  /** All services, for the picker; one alone shows no picker. */
  services: readonly ServiceName[];
}

/** Values of a query by name; those that are null or empty are left out, and the service that is meant without one. */
export type Query = Readonly<Record<string, string | null | undefined>>;

/** Address of a page of the dashboard. */
export function opsAddress(path: string, query: Query): string {
  return withQuery(`/ops${path}`, query);
}

/** Any address with a query. */
export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter(
    (entry): entry is [string, string] =>
      Boolean(entry[1]) && !(entry[0] === 'service' && entry[1] === DEFAULT_SERVICE),
  );
  const text = new URLSearchParams(given).toString();
  return `${path}${text === '' ? '' : `?${text}`}`;
}
