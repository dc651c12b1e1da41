import { mountChat, tell } from './chat.js';
import { openGate } from './open-gate.js';

const opening = openGate();
const use = mountChat(async () => {
  tell('Connecting …');
  return (await opening).connect();
});
const gate = await opening;
// After a pause there is another client.
gate.on('phase', ({ phase }) => {
  if (phase === 'ready') use(gate.peek());
});
