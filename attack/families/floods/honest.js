import { setTimeout as sleep } from 'node:timers/promises';
import { askForToken } from '../../ground/ask.js';

const PAUSE_MS = 40;

/** Somebody who asks again and again, by a login of their own, while others attack. */
export function watchHonest(ground) {
  const login = ground.issuer.logins.rsa('honest');
  let running = true;
  let served = 0;
  let slowestMs = 0;
  const failed = [];

  async function run() {
    while (running) {
      const startedAt = performance.now();
      const answer = await askForToken(ground, { authorization: `Bearer ${login}` });
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      if (answer.status === 200) served += 1;
      else failed.push(answer);
      await sleep(PAUSE_MS);
    }
  }

  const done = run();
  return {
    async stop() {
      running = false;
      await done;
      return { served, failed, slowestMs };
    },
  };
}
