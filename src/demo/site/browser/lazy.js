import { mountChat, tell } from './chat.js';
import { openGate } from './open-gate.js';

const gate = openGate();
mountChat(async () => {
  tell('Connecting …');
  return (await gate).connect();
});
