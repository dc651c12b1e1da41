import { countPeople } from '../ground/ask.js';
import { forgeBatches } from './webhooks/batches.js';
import { forgeForms } from './webhooks/forms.js';
import { forgeGuards } from './webhooks/guards.js';
import { replayAll } from './webhooks/replay.js';
import { FORM } from './webhooks/routes.js';

/** Webhooks that Twilio never sent, or sent once: none is believed that is not signed, and none counts twice. */
export async function attack({ ground, tally, random, rounds }) {
  const before = await countPeople(ground);
  const post = (path, body, headers) =>
    ground.send({
      port: ground.gateways.open.port,
      path,
      body,
      headers: { 'content-type': FORM, ...headers },
    });
  await forgeForms({ ground, tally, random, rounds, post });
  await forgeBatches({ ground, tally, random, rounds, post });
  await forgeGuards({ ground, tally, post });
  const forged = await countPeople(ground);
  tally.check('nothing forged was counted', forged.total === before.total, forged);

  await replayAll({ ground, tally, post });
  const after = await countPeople(ground);
  const fresh = after.total - before.total;
  const messaged = after.bySignal.messaged - before.bySignal.messaged;
  const joined = after.bySignal.joined - before.bySignal.joined;
  tally.check('three people, each once, whatever came again', fresh === 3 && messaged === 2 && joined === 1, {
    fresh,
    messaged,
    joined,
  });
}
