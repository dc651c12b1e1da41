/** How long a guest credential is good after it was made, s: 400 days, as long as browsers keep a cookie. */
export const GUEST_LIFE_SECONDS = 400 * 86_400;

/** `g_` and 128 random bits in hex: no two guests meet, nobody can guess one, and folding its case changes nothing. */
const GUEST_ID = /^g_[0-9a-f]{32}$/;

/** True for what looks like the name of a guest, whoever made it up. */
export function isGuestId(text: string): boolean {
  return GUEST_ID.test(text);
}
