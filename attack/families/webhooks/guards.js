import { PUBLIC_URL } from '../../ground/gateway-settings.js';
import { messageFields, signForm } from '../../tokens/sign-webhook.js';
import { encodeForm, PATHS } from './routes.js';

/** Everything that is not a well-signed no is a yes, within a second, and counts nobody. */
export async function forgeGuards({ ground, tally, post }) {
  const { authToken } = ground.secrets;
  const fields = messageFields('forged_author', { EventType: 'onParticipantAdd', Identity: 'forged_member' });
  const form = encodeForm(fields);
  const good = signForm(`${PUBLIC_URL}${PATHS.guard}`, fields, authToken);
  const other = signForm(`${PUBLIC_URL}${PATHS.post}`, fields, authToken);
  for (const [name, body, headers] of [
    ['without a signature', form, {}],
    ['with the signature of the other route', form, { 'x-twilio-signature': other }],
    ['with another member', form.replace('forged_member', 'somebody'), { 'x-twilio-signature': good }],
    ['with a member twice', `${form}&Identity=somebody`, { 'x-twilio-signature': good }],
    ['as JSON', '{}', { 'content-type': 'application/json', 'x-twilio-signature': good }],
    ['packed', form, { 'content-encoding': 'gzip', 'x-twilio-signature': good }],
    ['of a megabyte', 'x'.repeat(1_000_000), { 'x-twilio-signature': good }],
    ['of nothing', '', { 'x-twilio-signature': good }],
  ]) {
    const answer = await post(PATHS.guard, body, headers);
    tally.check(`a guard request ${name}`, answer.status === 200 && answer.text === '{}', answer);
  }
}
