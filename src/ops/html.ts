/** Markup that is safe to send: made only by {@link html}, so that nothing reaches a page unescaped. */
export class Html {
  readonly #text: string;

  /** @internal Use {@link html}. */
  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What a template takes: text and numbers are escaped, markup is kept, null and false are nothing. */
export type HtmlValue = Html | string | number | null | false | readonly HtmlValue[];

/** Builds markup; every value that is not markup already is escaped for text and for quoted attributes. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const pieces = parts.map((part, index) => {
    const value = values[index - 1];
    return index === 0 || value === undefined ? part : render(value) + part;
  });
  return new Html(pieces.join(''));
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function render(value: HtmlValue): string {
  if (value === null || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.map(render).join('');
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
