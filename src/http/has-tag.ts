const TAG = /"[\x21\x23-\x7e]*"/g;

/**
 * Whether an `If-None-Match` names the tag, compared weakly (RFC 9110 section 13.1.2). Not Express's own `fresh`, which
 * says no to `Cache-Control: no-cache`: that is what `fetch` adds by itself when a script names the tag.
 */
export function hasTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = tag.replace(/^W\//, '');
  const named: readonly string[] = ifNoneMatch.match(TAG) ?? [];
  return ifNoneMatch.trim() === '*' || named.includes(opaque);
}
