import type { ChatGateError } from './error.ts';
import type { Page } from './page.ts';
import type { TokenSource } from './token-source.ts';

/**
 * A token source that lets whoever is at the page stay at the turn of a month, when nobody may who does not ask to: it
 * asks once more, by what they opened the chat for.
 */
export function letStay(source: TokenSource, page: Page): TokenSource['fetch'] {
  let openedFor = 'open_chat';
  return async (context) => {
    const { reason, intent } = context;
    if (reason === 'connect') openedFor = intent;
    try {
      return await source.fetch(context);
    } catch (error) {
      const { code } = (error as ChatGateError).problem ?? {};
      if (reason !== 'refresh' || code !== 'lazy-connect-required' || !page.isUsed?.()) throw error;
      return source.fetch({ ...context, intent: openedFor });
    }
  };
}
