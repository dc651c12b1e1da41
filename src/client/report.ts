import type { KeptGrant } from './grant.ts';

/** Told of every connection that began, ended or failed, with the token that it was made with. */
export type ReportConnection = (state: 'connected' | 'disconnected' | 'failed', grant: KeptGrant) => void;

export interface BeaconOptions {
  /** Of the gateway's `/v1/beacons`. */
  readonly url: string | { toString(): string };
}

/**
 * Tells the gateway of connections, as `POST /v1/beacons`: plain text, which needs no leave across origins, and in a way
 * that outlives the page. A beacon may be lost. `connected` is told once for each identity and month.
 */
export function sendBeacons({ url }: BeaconOptions): ReportConnection {
  const told = new Set<string>();
  return (state, grant) => {
    const at = new Date(Date.now() + grant.skewMs).toISOString();
    const once = `${grant.identity} ${at.slice(0, 7)}`;
    if (state === 'connected' && told.has(once)) return;
    if (state === 'connected') told.add(once);
    sendLast(String(url), JSON.stringify({ token: grant.token, state, at }));
  };
}

function sendLast(url: string, body: string): void {
  const { navigator } = globalThis as unknown as {
    navigator?: { sendBeacon?(url: string, body: string): boolean };
  };
  try {
    if (navigator?.sendBeacon?.(url, body)) return;
  } catch {
    // A policy of the page may forbid it.
  }
  fetch(url, { method: 'POST', body, keepalive: true, credentials: 'omit' }).catch(() => {});
}
