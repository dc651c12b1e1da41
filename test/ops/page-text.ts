const ENTITIES: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

/** What a piece of a page says, without its markup. */
export function textOf(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? '')
    .trim();
}

/**
 * The rows of the table with this caption, cell by cell. What stands in small letters in a cell is left out.
 *
 * @param caption how it begins
 */
export function tableOf(page: string, caption: string): string[][] {
  for (const [, said = '', body = ''] of page.matchAll(
    /<table[^>]*><caption[^>]*>([^<]*)<\/caption>[\s\S]*?<tbody>([\s\S]*?)<\/tbody>/g,
  )) {
    if (!textOf(said).startsWith(caption)) continue;
    // Rows and cells may have no end tags.
    const [, ...rows] = body.replace(/<small>[\s\S]*?<\/small>/g, '').split('<tr>');
    return rows.map((row) =>
      row
        .split(/<t[hd]\b[^>]*>/)
        .slice(1)
        .map(textOf),
    );
  }
  throw new Error(`no table of the page begins with “${caption}”`);
}

/** The value beside a name in a table of pairs. */
export function pairOf(page: string, caption: string, name: string): string | undefined {
  return tableOf(page, caption).find(([first]) => first === name)?.[1];
}
