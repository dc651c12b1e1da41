export interface FakeAnswer {
  status: number;
  /** A text goes out as it is, anything else as JSON. */
  body: unknown;
  headers?: Record<string, string>;
}

/** An error in Twilio's shape. */
export function fakeError(status: number, code: number, message: string): FakeAnswer {
  const body = { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  return { status, body };
}

/** One page of a list in Twilio's shape; `meta` names the list's key and the pages beside it. */
export function fakePage(key: string, items: readonly object[], url: URL): FakeAnswer {
  const size = Math.min(50, Math.max(1, Number(url.searchParams.get('PageSize') ?? 50)));
  const page = Math.max(0, Number(url.searchParams.get('Page') ?? 0));
  const address = (number: number) => {
    const other = new URL(url);
    other.searchParams.set('PageSize', String(size));
    other.searchParams.set('Page', String(number));
    if (number > 0) other.searchParams.set('PageToken', `PT${number}`);
    // Twilio always names its own host, whatever host was asked.
    return `https://conversations.twilio.com${other.pathname}${other.search}`;
  };
  const more = items.length > (page + 1) * size;
  const meta = {
    page,
    page_size: size,
    first_page_url: address(0),
    previous_page_url: page > 0 ? address(page - 1) : null,
    url: address(page),
    next_page_url: more ? address(page + 1) : null,
    key,
  };
  return { status: 200, body: { [key]: items.slice(page * size, (page + 1) * size), meta } };
}
