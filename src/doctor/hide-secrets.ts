/** Shorter texts stand in too many words to be taken out of them. */
const LENGTH_MIN = 6;

/**
 * Takes secrets out of texts. Checks tell none by themselves; what libraries and other servers say is not in their
 * hands.
 */
export function createHideSecrets(secrets: readonly string[]): (text: string) => string {
  // The longest first: one may be a part of another.
  const known = secrets
    .filter((secret) => secret.length >= LENGTH_MIN)
    .sort((one, other) => other.length - one.length);
  return (text) => known.reduce((hidden, secret) => hidden.replaceAll(secret, '••••'), text);
}
