/** Shorter ones stand in a text for other reasons. */
const LENGTH_MIN = 9;

/**
 * How a secret may be written: as it is, and in the encodings that hide it from a plain search.
 *
 * @param {string} secret
 * @returns {Set<string>}
 */
export function formsOf(secret) {
  const bytes = Buffer.from(secret, 'utf8');
  const hex = bytes.toString('hex');
  const forms = [secret, ...escapedForms(secret), hex, hex.toUpperCase(), ...base64Forms(bytes)];
  return new Set(forms.filter((form) => form.length >= LENGTH_MIN));
}

/** For JSON, URLs, forms and pages. */
function escapedForms(secret) {
  return [
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams([[secret, '']]).toString().slice(0, -1),
    secret.replace(/[&<>"']/g, (sign) => ENTITIES[sign]),
  ];
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Base64 of a secret within other bytes depends on where it begins; the characters that neighbours touch are left out. */
function base64Forms(bytes) {
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const core = text.slice(offset === 0 ? 0 : offset + 1, -1);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
