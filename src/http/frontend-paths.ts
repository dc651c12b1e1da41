/** Where older clients ask for a token. */
export const COMPAT_TOKEN_PATH = '/token';

/** What pages of other origins may ask, where they are listed. */
export const CROSS_ORIGIN_PATHS: readonly string[] = ['/v1', COMPAT_TOKEN_PATH];

/** Whether a path is one of these, or below one. */
export function isCrossOriginPath(path: string): boolean {
  return CROSS_ORIGIN_PATHS.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}
