import { PUBLIC_URL } from '../../ground/gateway-settings.js';
import { messageEvent, signBody, signForm } from '../../tokens/sign-webhook.js';
import { PATHS } from './routes.js';

/** Batches of Event Streams whose bodies are not those that were signed. */
export async function forgeBatches({ ground, tally, random, rounds, post }) {
  const { authToken } = ground.secrets;
  const body = JSON.stringify([messageEvent('forged_author')]);
  const { url, signature } = signBody(`${PUBLIC_URL}${PATHS.stream}`, body, authToken);
  const path = url.slice(PUBLIC_URL.length);
  const send = async (name, sent, target, signed, ...statuses) => {
    const headers = { 'content-type': 'application/json', 'x-twilio-signature': signed };
    tally.refused(
      `a batch ${name}`,
      await post(target, sent, headers),
      ...(statuses.length > 0 ? statuses : [403]),
    );
  };
  await send('with another body', body.replaceAll('forged_author', 'somebody'), path, signature);
  await send('with a blank more', `${body} `, path, signature);
  await send('without its hash', body, PATHS.stream, signForm(`${PUBLIC_URL}${PATHS.stream}`, [], authToken));
  await send(
    'with an empty hash',
    body,
    `${PATHS.stream}?bodySHA256=`,
    signForm(`${PUBLIC_URL}${PATHS.stream}?bodySHA256=`, [], authToken),
  );
  await send('with a second hash', body, `${path}&bodySHA256=${'0'.repeat(64)}`, signature);
  await send(
    'with the hash of another, signed',
    body,
    ...split(signBody(`${PUBLIC_URL}${PATHS.stream}`, '[]', authToken)),
  );
  await send(
    'for post-action webhooks',
    body,
    ...split(signBody(`${PUBLIC_URL}${PATHS.post}`, body, authToken)),
    415,
  );
  await send('with two hashes, both signed', body, ...split(signTwice(body, authToken)));
  for (let round = 0; round < rounds / 4; round++) {
    const at = random.below(body.length);
    const spoilt = body.slice(0, at) + String.fromCharCode(32 + random.below(90)) + body.slice(at + 1);
    if (spoilt !== body) await send(`with a changed character, round ${round}`, spoilt, path, signature);
  }
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  for (const [name, text, ...statuses] of [
    ['nested without end', deep, 200, 400],
    ['that is no JSON', '{', 400],
    [
      'of prototypes',
      '[{"__proto__":{"type":"x"},"type":"com.twilio.conversations.message.added","data":{"__proto__":{"Author":"somebody"}}}]',
      200,
      403,
    ],
    ['of nothing', '[null,1,"x",[],{}]', 200],
  ]) {
    await send(name, text, ...split(signBody(`${PUBLIC_URL}${PATHS.stream}`, text, authToken)), ...statuses);
  }
}

function signTwice(body, authToken) {
  const { url } = signBody(`${PUBLIC_URL}${PATHS.stream}?bodySHA256=${'0'.repeat(64)}`, body, authToken);
  return { url, signature: signForm(url, [], authToken) };
}

const split = ({ url, signature }) => [url.slice(PUBLIC_URL.length), signature];
