import { createHmac } from 'node:crypto';
import { PUBLIC_URL, SIDS } from '../../ground/gateway-settings.js';
import { messageFields, signForm } from '../../tokens/sign-webhook.js';
import { encodeForm, FORM, PATHS } from './routes.js';

/** Post-action webhooks that are not signed, or for something else. */
export async function forgeForms({ ground, tally, random, rounds, post }) {
  const { authToken, apiKeySecret, adminKey } = ground.secrets;
  const fields = messageFields('forged_author');
  const url = `${PUBLIC_URL}${PATHS.post}`;
  const good = signForm(url, fields, authToken);
  const form = encodeForm(fields);
  const signed = (signature) => ({ 'x-twilio-signature': signature });
  const send = (name, body, signature, path = PATHS.post, headers = {}) =>
    post(path, body, { ...(signature === null ? {} : signed(signature)), ...headers }).then((answer) =>
      tally.refused(`a webhook ${name}`, answer, 403),
    );
  const changed = (name, value) => encodeForm(fields.map(([key, old]) => [key, key === name ? value : old]));

  for (const secret of ['', 'x', apiKeySecret, adminKey, authToken.toUpperCase(), SIDS.account]) {
    await send(`signed with ${secret.length} other characters`, form, signForm(url, fields, secret));
  }
  const addresses = [
    ...[
      'http://chat.attack.example',
      'https://evil.example',
      'https://chat.attack.example.',
      'https://CHAT.attack.example',
    ],
    ...['https://chat.attack.example:8443', 'https://user@chat.attack.example', 'http://127.0.0.1', ''],
  ].map((origin) => `${origin}${PATHS.post}`);
  const paths = [
    PATHS.guard,
    PATHS.stream,
    `${PATHS.post}/`,
    `/${PATHS.post}`,
    `${PATHS.post}?service=default`,
    `${PATHS.post}#x`,
  ];
  for (const address of [...addresses, ...paths.map((path) => `${PUBLIC_URL}${path}`)]) {
    await send(`signed for ${address}`, form, signForm(address, fields, authToken));
  }
  await send('without a signature', form, null);
  for (const signature of [
    '',
    'x',
    '=',
    'A'.repeat(27),
    `${'A'.repeat(27)}=`,
    good.slice(0, -1),
    `${good}=`,
    `${good}, ${good}`,
    good.toLowerCase(),
    '\u00e4'.repeat(28),
  ]) {
    await send(`with signature ${JSON.stringify(signature).slice(0, 20)}`, form, signature);
  }
  await send('signed with SHA-256', form, createHmac('sha256', authToken).update(url).digest('base64'));
  await send('signed without its fields', form, signForm(url, [], authToken));
  await send('with its fields in the address', '', good, `${PATHS.post}?${form}`);
  await send('about another service by the address', form, good, `${PATHS.post}?service=second`);
  await send('with a query that was not signed', form, good, `${PATHS.post}?x=1`);
  await send('with another author', changed('Author', 'somebody'), good);
  await send('with another account', changed('AccountSid', SIDS.secondAccount), good);
  await send('with an author twice', `${form}&Author=somebody`, good);
  await send('with an author before the author', `Author=somebody&${form}`, good);
  await send('with a field too many', `${form}&Identity=somebody`, good);
  await send('with a prototype', `${form}&__proto__=x&constructor=y`, good);
  await send('with a field too few', encodeForm(fields.slice(1)), good);
  await send(
    'with two thousand fields',
    `${form}&${Array.from({ length: 2_000 }, (_, n) => `f${n}=`).join('&')}`,
    good,
  );
  await send('with two fields in one', form.replace('&Author=', 'Author'), good);
  for (let round = 0; round < rounds; round++) {
    const at = random.below(good.length - 1);
    const spoilt =
      good.slice(0, at) +
      random.pick([...'abcdeXYZ0+/'].filter((one) => one !== good[at])) +
      good.slice(at + 1);
    await send(`with a changed character, round ${round}`, form, spoilt);
  }
  const foreign = messageFields('forged_author', { AccountSid: `AC${'9'.repeat(32)}` });
  await send(
    'well signed, of an account that is not ours',
    encodeForm(foreign),
    signForm(url, foreign, authToken),
  );
  const types = [
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    `${FORM}; charset=utf-7`,
  ];
  for (const type of types) {
    tally.refused(
      `a webhook as ${type}`,
      await post(PATHS.post, form, { ...signed(good), 'content-type': type }),
      415,
    );
  }
  tally.refused(
    'a webhook that is packed',
    await post(PATHS.post, form, { ...signed(good), 'content-encoding': 'gzip' }),
    415,
  );
  tally.refused('a webhook of a megabyte', await post(PATHS.post, 'x'.repeat(1_000_000), signed(good)), 413);
}
