import type { Phase, Snapshot } from './chat-gate.ts';
import type { KeptGrant } from './grant.ts';
import type { SdkClientLike } from './sdk.ts';

/** What goes on behind the gate. */
export interface GateMachine<C extends SdkClientLike> {
  /** The client that is there, or on its way, or a new one. From here on a connection is wanted. */
  join(intent: string): Promise<C>;
  /** A token, for whatever it may be. */
  take(force: boolean | undefined): Promise<KeptGrant>;
  /** Nobody wants a connection any more. */
  leave(phase?: Phase): Promise<void>;
  /** Another person is there: nothing is left of the one before. */
  forget(): Promise<void>;
  client(): C | undefined;
  snapshot(): Snapshot;
}
