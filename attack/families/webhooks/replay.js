import { PUBLIC_URL } from '../../ground/gateway-settings.js';
import { messageEvent, messageFields, signBody, signForm } from '../../tokens/sign-webhook.js';
import { inParallel } from '../../tools/cases.js';
import { encodeForm, PATHS } from './routes.js';

/** What Twilio did send, again and again, all at once and in other orders. */
export async function replayAll({ ground, tally, post }) {
  const { authToken, previousAuthToken } = ground.secrets;
  const fields = messageFields('replayed_author');
  const url = `${PUBLIC_URL}${PATHS.post}`;
  const members = messageFields('replayed_author', {
    EventType: 'onParticipantAdd',
    Identity: 'replayed_member',
  });
  const batch = JSON.stringify(Array.from({ length: 20 }, () => messageEvent('streamed_author')));
  const stream = signBody(`${PUBLIC_URL}${PATHS.stream}`, batch, authToken);
  const json = { 'content-type': 'application/json', 'x-twilio-signature': stream.signature };
  const sends = [
    () => post(PATHS.post, encodeForm(fields), { 'x-twilio-signature': signForm(url, fields, authToken) }),
    () =>
      post(PATHS.post, encodeForm([...fields].reverse()), {
        'x-twilio-signature': signForm(url, fields, previousAuthToken),
      }),
    () =>
      post(PATHS.guard, encodeForm(members), {
        'x-twilio-signature': signForm(`${PUBLIC_URL}${PATHS.guard}`, members, authToken),
      }),
    () => post(stream.url.slice(PUBLIC_URL.length), batch, json),
  ];
  const all = Array.from({ length: 30 }, () => sends).flat();
  const answers = await inParallel(all, 30, (send) => send());
  const wrong = answers.find(({ status }) => status !== 200);
  tally.check(`${all.length} replays are taken and come to nothing`, wrong === undefined, wrong);
}
