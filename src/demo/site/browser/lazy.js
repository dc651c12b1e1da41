import { mountChat, tell, tellError } from './chat.js';
import { openGate } from './open-gate.js';

const opening = openGate();
const use = mountChat(async () => {
  tell('Connecting …');
  return (await opening).connect();
});
const gate = await opening;
// After a pause there is another client.
gate.on('phase', ({ phase, error }) => {
  use(phase === 'ready' ? gate.peek() : null);
  if (error) tellError(error);
  else if (phase === 'paused') tell('Paused while nobody looks: billed already, and at rest.', true);
});
