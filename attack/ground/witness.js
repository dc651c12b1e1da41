/**
 * Looks for what must never be seen in everything that is.
 *
 * @typedef {ReturnType<typeof createWitness>} Witness
 */
export function createWitness() {
  /** Forms of what must be seen nowhere, and of what its own answer alone may hold. */
  const planted = new Map();
  const handed = new Map();
  const leaks = [];
  let texts = 0;
  let characters = 0;

  function look(where, text, forms) {
    for (const [form, name] of forms) if (text.includes(form)) leaks.push({ secret: name, where });
  }

  return {
    /** Must be seen nowhere. */
    plant(name, secret) {
      for (const form of formsOf(secret)) planted.set(form, name);
    },
    /** Was given to somebody by an answer, and must not be seen in a log or on a disk. */
    hand(name, secret) {
      for (const form of formsOf(secret)) handed.set(form, name);
    },
    /** An answer. */
    see(where, text) {
      texts += 1;
      characters += text.length;
      look(where, text, planted);
    },
    /** What was written for later: a log, a disk. */
    read(where, text) {
      texts += 1;
      characters += text.length;
      look(where, text, planted);
      look(where, text, handed);
    },
    leaks,
    figures: () => ({ texts, characters, forms: planted.size + handed.size }),
  };
}

/** How a secret may be written: as it is, and in the encodings that hide it from a plain search. */
function formsOf(secret) {
  const bytes = Buffer.from(secret, 'utf8');
  const plain = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  const hex = bytes.toString('hex');
  return new Set(
    [...plain, hex, hex.toUpperCase(), ...base64Forms(bytes)].filter((form) => form.length >= 12),
  );
}

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
