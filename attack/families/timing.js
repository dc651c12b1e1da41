import { createGuestCredentials } from '../../dist/auth/guest-credentials.js';
import { createKeyTable } from '../../dist/auth/key-table.js';
import { createOperatorSessions } from '../../dist/ops/operator-sessions.js';
import { createWebhookSignatures } from '../../dist/twilio/webhook-signatures.js';
import { createAddresses } from '../ground/addresses.js';
import { sha256 } from '../ground/secrets.js';
import { signForm } from '../tokens/sign-webhook.js';
import { compareTimes } from '../tools/compare-times.js';

/** Above this two kinds of answers can be told apart by the clock. Noise of a busy machine stays far below. */
const EFFECT_MAX = 0.3;
const BATCHES = 400;
const SMOKE_BATCHES = 120;
const NOW = Date.now();

/**
 * Whether a guess that is nearly right takes longer than one that is all wrong: of each comparison of a secret within
 * this process, where there is no network to hide it, and of keys through the whole gateway. A comparison that does
 * give itself away is measured beside them, to show that it would be noticed.
 */
export async function attack({ ground, tally, random, smoke }) {
  const batches = smoke ? SMOKE_BATCHES : BATCHES;
  const judge = async (name, options, leaks = false) => {
    let seen = await compareTimes({ batches, random, ...options });
    // What else runs here may have come in between; a difference that is really there comes again.
    for (let again = 0; again < 2 && Math.abs(seen.effect) > EFFECT_MAX !== leaks; again++) {
      seen = await compareTimes({ batches, random, ...options });
    }
    tally.figure(name, `effect ${seen.effect}, ${seen.differenceNs} ns between the medians`);
    tally.check(name, Math.abs(seen.effect) > EFFECT_MAX === leaks, seen);
  };
  await judge('control: a comparison that ends early', { ...leakingPair(), calls: 200 }, true);
  await judge('ops keys and backend keys', { ...keyPair(ground), calls: 200 });
  await judge('guest credentials', { ...guestPair(ground), calls: 200 });
  await judge('dashboard sessions', { ...sessionPair(ground), calls: 20 });
  await judge('webhook signatures', { ...webhookPair(ground), calls: 20 });
  for (const [name, headers] of Object.entries(headersOf(ground.secrets))) {
    const [first, second] = ['near', 'far'].map((kind) => askWith(ground, headers[kind]));
    await judge(`${name}, by HTTP`, { first, second, calls: 2 });
  }
}

/** The last character is wrong, or all of them are. */
function guessesOf(secret) {
  const other = (character) => (character === 'A' ? 'B' : 'A');
  const near = secret.slice(0, -2) + other(secret.at(-2)) + secret.at(-1);
  return {
    near,
    far: [...secret].map((character, at) => (at < secret.length - 1 ? other(character) : character)).join(''),
  };
}

const pairOf = (call, { near, far }) => ({ first: () => call(near), second: () => call(far) });

function leakingPair() {
  const secret = 'x'.repeat(400);
  return pairOf((guess) => {
    for (let at = 0; at < secret.length; at++) if (secret[at] !== guess[at]) return false;
    return true;
  }, guessesOf(secret));
}

function keyPair({ secrets }) {
  const find = createKeyTable([{ sha256: sha256(secrets.adminKey), holder: 'root' }]);
  return pairOf(find, guessesOf(secrets.adminKey));
}

function guestPair({ secrets }) {
  const options = { className: 'guest', rememberedMax: 1 };
  const credentials = createGuestCredentials({
    secrets: { current: secrets.cookieSecret, previous: null },
    ...options,
  });
  const { credential } = credentials.issue(null, 'default', NOW);
  return pairOf((guess) => credentials.open(guess, 'default', NOW), spoilSignature(credential));
}

function sessionPair({ secrets }) {
  const sessions = createOperatorSessions({
    secrets: { current: secrets.cookieSecret, previous: null },
    ended: { hasEnded: async () => false, endOne: async () => {}, endBefore: async () => {} },
    grantOf: () => 'the same as when it began',
  });
  const text = sessions.seal({ name: 'root', role: 'admin' }, 'key', NOW);
  return pairOf((guess) => sessions.open(guess, NOW), spoilSignature(text));
}

function webhookPair({ secrets }) {
  const url = 'https://chat.attack.example/v1/webhooks/twilio';
  const { verify } = createWebhookSignatures([secrets.authToken]);
  const guesses = guessesOf(signForm(url, [], secrets.authToken));
  return pairOf((guess) => verify(guess, url, {}), guesses);
}

function spoilSignature(text) {
  const cut = text.lastIndexOf('.') + 1;
  const { near, far } = guessesOf(text.slice(cut));
  return { near: text.slice(0, cut) + near, far: text.slice(0, cut) + far };
}

function headersOf({ adminKey, backendKey }) {
  const [ops, backend] = [guessesOf(adminKey), guessesOf(backendKey)];
  const asOperator = (key) => ({ path: '/v1/months', headers: { authorization: `Bearer ${key}` } });
  const asBackend = (key) => ({
    ...{ path: '/v1/tokens', body: '{"intent":"open_chat"}' },
    headers: { 'x-api-key': key, 'x-subject': 'victim', 'content-type': 'application/json' },
  });
  return {
    'ops keys': { near: asOperator(ops.near), far: asOperator(ops.far) },
    'backend keys': { near: asBackend(backend.near), far: asBackend(backend.far) },
  };
}

/** Addresses in turn, so that none of them fails too often; each stays long enough to keep its connection. */
function askWith({ send, gateways }, request) {
  const address = ADDRESSES;
  return () => send({ port: gateways.open.port, ...request, from: address() });
}

const ADDRESSES = (() => {
  const next = createAddresses(6_000);
  const some = [next(), next()];
  let turn = 0;
  return () => some[turn++ % some.length];
})();
