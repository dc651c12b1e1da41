import type { FakeModel } from '../../model/create-fake-model.ts';
import type { FakeService } from '../../model/records.ts';
import type { SyncHub } from '../sync/hub.ts';

/** A call of the SDK to one of Twilio's HTTP services, which travels inside the socket. */
export interface UpstreamCall {
  model: FakeModel;
  service: FakeService;
  /** Of the client that asks. */
  identity: string;
  hub: SyncHub;
  /** Sends a notification to the client. */
  notify(type: string, payload: unknown): void;
  /** Which Sync objects the client hears of. */
  subscriptions: Set<string>;
  url: URL;
  /** What stands at the variable places of the path, decoded. */
  path: readonly string[];
  body: Record<string, unknown>;
}

export interface UpstreamAnswer {
  status: number;
  body: unknown;
  /** Done once the answer is out. */
  after?: () => void;
}

/** Host of Twilio's client API; nothing is ever sent there, the SDK names it inside the socket. */
export const CLIENT_API = 'https://aim.us1.twilio.com/Client/v2';

/** An error in the shape that the SDK knows from Twilio. */
export function upstreamError(status: number, code: number, message: string): UpstreamAnswer {
  return { status, body: { status, code, message } };
}
