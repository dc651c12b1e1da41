import type { ConfigParts } from './config-parts.ts';
import type { Settings } from './settings.ts';

/** Unread messages of people who are not connected. */
export function buildUnread({ file, findings }: ConfigParts): Settings['unread'] {
  const word = findings.prefer(
    'unread.fill',
    [file.offer(['unread', 'fill'], file.data.unread?.fill)],
    'off',
  );
  return { fill: word === 'on' };
}
