import { formsOf } from './forms-of.js';

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
