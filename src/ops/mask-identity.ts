/** Enough to tell apart the rows of one page, too little to look somebody up elsewhere. */
const SHOWN = 6;

/**
 * The first characters of an identity and dots. What was typed in full stays as it was typed.
 *
 * @param typed the beginning that was searched for; who typed it knows it already
 */
export function maskIdentity(identity: string, typed = ''): string {
  const shown = identity.startsWith(typed) ? Math.max(SHOWN, typed.length) : SHOWN;
  return identity.length <= shown ? identity : `${identity.slice(0, shown)}•••`;
}
