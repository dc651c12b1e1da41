import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createWebhookSignatures } from '../../src/twilio/webhook-signatures.ts';

const URL = 'https://gateway.example/v1/webhooks/twilio?service=shop';
const PARAMS = { EventType: 'onUserAdded', 'MessagingBinding.Address': '+15550001111', Body: 'grüße ☂' };

/** As Twilio's page describes it: the address, then each field with its value, in the order of the names. */
function sign(authToken: string, url = URL, params: Record<string, string> = PARAMS): string {
  const fields = Object.keys(params).sort();
  const text = url + fields.map((name) => `${name}${params[name]}`).join('');
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64');
}

const { verify } = createWebhookSignatures(['current', 'previous']);

test.each<[string, string, string, boolean]>([
  ['by the current token', sign('current'), URL, true],
  ['by the previous token', sign('previous'), URL, true],
  ['by another token', sign('another'), URL, false],
  ['for another path', sign('current', 'https://gateway.example/'), URL, false],
  ['for http', sign('current', URL.replace('https', 'http')), URL, false],
  ['for another query', sign('current', `${URL}2`), URL, false],
  ['without a field', sign('current', URL, { EventType: 'onUserAdded' }), URL, false],
  [
    'with the port that https has anyway',
    sign('current', URL.replace('.example', '.example:443')),
    URL,
    true,
  ],
  ['for what is no address', sign('current', 'nowhere'), 'nowhere', false],
  ['that is empty', '', URL, false],
])('a signature %s', async (_name, signature, url, expected) => {
  expect(await verify(signature, url, PARAMS)).toBe(expected);
});
