declare const serviceNameBrand: unique symbol;

/** Our name for one Conversations service of the configuration, such as `default`. Part of every ledger key. */
export type ServiceName = string & { readonly [serviceNameBrand]: true };

const PATTERN = /^[a-z][a-z0-9-]{0,31}$/;

/** Lower-case letters, digits and dashes, 1 to 32 characters, a letter first; null for anything else. */
export function parseServiceName(text: string): ServiceName | null {
  return PATTERN.test(text) ? (text as ServiceName) : null;
}

export const DEFAULT_SERVICE = 'default' as ServiceName;
