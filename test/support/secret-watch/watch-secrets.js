import { formsOf } from '../../../attack/ground/forms-of.js';
import { latin1Of, listen } from './listen.js';

/** Characters that are gathered before they are searched, because one long search is far cheaper than many short ones. */
const GATHERED_MAX = 8_000_000;
/** Between the pieces of a body, as the network brings it. */
const CHUNK_BORDER = /\r\n[0-9a-f]+\r\n/gi;
/**
 * The end of every credential that is signed: logins, Twilio's tokens, guests, sessions; and a key of an operator or
 * backend. An answer may hold the one that it gives out, a log never holds any.
 */
const CREDENTIAL = /\.[\w-]{43,}|mgk_[\w-]{43}/;

/**
 * Searches all that is said in this process (`listen.js`) for secrets, also for those that are only made known
 * afterwards.
 *
 * @returns {SecretWatch}
 *
 * @typedef {object} SecretWatch
 * @property {(secret: { name: string, secret: string }) => void} plant makes a secret known
 * @property {(test: string | null) => void} during names the test that runs from now on
 * @property {() => string[]} stop ends it; says which secrets were given away and where, and never a secret
 */
export function watchSecrets() {
  /** Name of a secret by each form of it. */
  const names = new Map();
  let overlap = 0;
  let gathered = new Set();
  let size = 0;
  let test = null;
  const leaks = new Set();

  function plant({ name, secret }) {
    for (const form of formsOf(secret)) {
      const text = latin1Of(form);
      names.set(text, name);
      overlap = Math.max(overlap, text.length);
    }
  }

  function open(kind, place) {
    const text = { kind, place, test, said: '' };
    return (chunk) => {
      const piece = latin1Of(chunk);
      text.said += piece;
      size += piece.length;
      gathered.add(text);
      if (size > GATHERED_MAX) search();
    };
  }

  function search() {
    const texts = [...gathered].map((text) => ({ ...text, said: wholeOf(text) }));
    const all = texts.map(({ said }) => said).join('\n');
    for (const [form, name] of names) {
      if (!all.includes(form)) continue;
      for (const text of texts) if (text.said.includes(form)) blame(name, text, form);
    }
    for (const text of texts) {
      const [credential] = (text.kind === 'log' && CREDENTIAL.exec(text.said)) || [];
      if (credential !== undefined) blame('a credential', text, credential);
    }
    // More of a text may come, and a secret may be split between what came and that.
    for (const text of gathered) text.said = overlap === 0 ? '' : text.said.slice(-overlap);
    gathered = new Set();
    size = 0;
  }

  function blame(name, { kind, place, said, test }, form) {
    const event = kind === 'log' ? eventOf(said.split('\n').find((line) => line.includes(form))) : '';
    const leak = `${name} in ${place}${event}${test === null ? '' : `, during "${test}"`}`;
    leaks.add(leak.replaceAll(form, '…'));
  }

  const stopListening = listen({ plant, open });
  return {
    plant,
    during(name) {
      test = name;
    },
    stop() {
      stopListening();
      search();
      return [...leaks];
    },
  };
}

function wholeOf({ kind, said }) {
  return kind === 'wire' ? said.replace(CHUNK_BORDER, '') : said;
}

function eventOf(line) {
  const [, event] = /"event":"([\w.-]+)"/.exec(line ?? '') ?? [];
  return event === undefined ? '' : ` (${event})`;
}
