const find = (id) => document.getElementById(id);

/** Says how things stand. @param billed whether this visitor costs money from now on */
export function tell(text, billed = false) {
  const state = find('state');
  state.textContent = text;
  state.toggleAttribute('data-billed', billed);
}

/** Says why there is no chat. */
export function tellError(error) {
  tell(error.problem?.title ?? error.message);
}

/**
 * The chat bubble of a shop.
 *
 * @param connect resolves with the client of the SDK that is in force; called whenever the chat is opened
 * @returns takes the client that is in force from now on, and goes on in the same conversation; without one
 *   nothing can be sent until there is one again
 */
export function mountChat(connect) {
  const [bubble, chat, form, text, messages] = ['bubble', 'chat', 'form', 'text', 'messages'].map(find);
  let client = null;
  /** The one that is open, by the client in force. */
  let conversation = null;
  let sid = null;

  function use(next) {
    for (const control of form.elements) control.disabled = !next;
    if (!next) return;
    tell('Connected: this visitor is billed for the month.', true);
    if (next === client) return;
    client = next;
    conversation = sid && followConversation(client.getConversationBySid(sid), messages);
    conversation?.catch((error) => tell(error.message, true));
  }

  bubble.addEventListener('click', async () => {
    chat.hidden = !chat.hidden;
    bubble.setAttribute('aria-expanded', String(!chat.hidden));
    if (chat.hidden) return;
    try {
      use(await connect());
      text.focus();
    } catch (error) {
      tellError(error);
    }
  });

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const body = text.value;
    text.value = '';
    try {
      conversation ??= followConversation(createConversation(client), messages);
      const open = await conversation;
      sid = open.sid;
      await open.sendMessage(body);
    } catch (error) {
      tell(`Not sent: ${error.message}`, true);
    }
  });

  // A click before there is somebody to hear it would be lost.
  bubble.disabled = false;
  return use;
}

async function createConversation(client) {
  const conversation = await client.createConversation();
  await conversation.join();
  return conversation;
}

async function followConversation(opening, messages) {
  const conversation = await opening;
  // The SDK tells of messages from here on; what is sent sooner it may miss.
  await conversation.getMessages();
  conversation.on('messageAdded', ({ body }) => {
    const line = document.createElement('li');
    line.textContent = body;
    messages.append(line);
  });
  return conversation;
}
