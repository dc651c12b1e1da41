const find = (id) => document.getElementById(id);

/** Says how things stand. @param billed whether this visitor costs money from now on */
export function tell(text, billed = false) {
  const state = find('state');
  state.textContent = text;
  state.toggleAttribute('data-billed', billed);
}

/**
 * The chat bubble of a shop.
 *
 * @param connect resolves with a client of the SDK; called when the chat is opened, again after it failed
 */
export function mountChat(connect) {
  const [bubble, chat, form, text, messages] = ['bubble', 'chat', 'form', 'text', 'messages'].map(find);
  let client = null;
  let conversation = null;

  bubble.addEventListener('click', async () => {
    chat.hidden = !chat.hidden;
    bubble.setAttribute('aria-expanded', String(!chat.hidden));
    if (chat.hidden || client !== null) return;
    try {
      client = await connect();
      tell('Connected: this visitor is billed for the month.', true);
      for (const control of form.elements) control.disabled = false;
      text.focus();
    } catch (error) {
      tell(error.problem?.title ?? error.message);
    }
  });

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const body = text.value;
    text.value = '';
    try {
      conversation ??= await openConversation(client, messages);
      await conversation.sendMessage(body);
    } catch (error) {
      tell(`Not sent: ${error.message}`, true);
    }
  });
}

async function openConversation(client, messages) {
  const conversation = await client.createConversation();
  await conversation.join();
  // The SDK tells of messages from here on; what is sent sooner it may miss.
  await conversation.getMessages();
  conversation.on('messageAdded', ({ body }) => {
    const line = document.createElement('li');
    line.textContent = body;
    messages.append(line);
  });
  return conversation;
}
