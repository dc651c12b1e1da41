/** The half of mau-guard that runs in the browser. Importing it does nothing. */
export type {
  ChatGate,
  ConnectOptions,
  CoreGate,
  CoreGateOptions,
  GateEvents,
  Phase,
  Snapshot,
} from './chat-gate.ts';
export { type ChatGateOptions, createChatGate } from './create-chat-gate.ts';
export { createCoreGate } from './create-core-gate.ts';
export { ChatGateError, type ChatGateErrorCode, type Problem } from './error.ts';
export type { KeptGrant, TokenGrant } from './grant.ts';
export {
  type CredentialStore,
  createGuests,
  type GuestOptions,
  type Guests,
  type LinkResult,
} from './guests.ts';
export { ALWAYS_SEEN, type Page, type PagePort, type TabState } from './page.ts';
export { type BeaconOptions, type ReportConnection, sendBeacons } from './report.ts';
export type { RequestOptions } from './request.ts';
export type { SdkClientLike, SdkConstructor, SdkModule } from './sdk.ts';
export { type CrossTabOptions, shareAmongTabs } from './tabs.ts';
export type { RetryOptions } from './token-keeper.ts';
export {
  type EndpointOptions,
  type EndpointSource,
  endpointSource,
  type FetchReason,
  type TokenContext,
  TokenSource,
} from './token-source.ts';
export { pollUnread, type UnreadCount, type UnreadOptions, type UnreadSnapshot } from './unread.ts';
export { type BrowserPage, type PresenceOptions, watchPage } from './watch-page.ts';
