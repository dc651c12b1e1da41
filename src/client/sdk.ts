/** What is used of a `Client` of `@twilio/conversations`, 2.2 or newer. */
export interface SdkClientLike {
  readonly connectionState: string;
  updateToken(token: string): Promise<unknown>;
  shutdown(): Promise<void>;
  // biome-ignore lint/suspicious/noExplicitAny: the real client types each event of its own, and any listener must fit
  on(event: any, listener: (...told: any[]) => void): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  off(event: any, listener: (...told: any[]) => void): unknown;
}

export type SdkConstructor<C extends SdkClientLike> = new (token: string, options?: object) => C;

/** A module as `import()` gives it: bundlers differ in where they leave the exports of CommonJS. */
export interface SdkModule<C extends SdkClientLike> {
  readonly Client?: SdkConstructor<C> | undefined;
  readonly default?: { readonly Client?: SdkConstructor<C> | undefined } | undefined;
}
