import { mountChat, tell } from './chat.js';
import { connectEagerly } from './connect-eagerly.js';

const connected = connectEagerly();
mountChat(() => connected);
connected.then(
  () => tell('Connected: this visitor is billed for the month, chat or no chat.', true),
  (error) => tell(error.message),
);
