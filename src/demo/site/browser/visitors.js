import { connectEagerly } from './connect-eagerly.js';
import { openGate } from './open-gate.js';

/** One of so many visitors opens the chat. */
const OPENS_EVERY = 50;
/** Connections at a time; a browser has room for few hundred in all. */
const AT_ONCE = 8;

/** Lets visitors come by both shops: each loads the page, and does what its shop's page does. */
export async function sendVisitors(count, onVisitor) {
  let next = 0;
  let done = 0;
  const walk = async () => {
    while (next < count) {
      next += 1;
      await Promise.all([visitEager(), visitLazy(next % OPENS_EVERY === 0)]);
      done += 1;
      onVisitor(done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, walk));
}

async function visitEager() {
  await fetch(new URL('../shops/eager', import.meta.url));
  await leave(await connectEagerly());
}

async function visitLazy(opensChat) {
  await fetch(new URL('../shops/lazy', import.meta.url));
  if (!opensChat) return;
  const gate = await openGate();
  await gate.connect();
  await gate.close();
}

/** The SDK complains when it is shut down while it still reads. */
async function leave(client) {
  await client.getSubscribedConversations();
  await client.shutdown();
}
