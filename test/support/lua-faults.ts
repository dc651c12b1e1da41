const KEY_COUNT = /-(\d+|n)\.lua$/;
const INCLUDE = /^ *-- include: (\S+)$/;
/** Ends the section that gives names to the positions of KEYS and ARGV. */
const SEPARATOR = '-- ---';

/** Names of the include files that a script or another include asks for, in order. */
export function includesOf(text: string): string[] {
  return text.split('\n').flatMap((line) => INCLUDE.exec(line)?.[1] ?? []);
}

/**
 * What is wrong with an entry script: its file name, its header, or its use of positions. Empty when all is well.
 *
 * @param file name without folder, such as `count-2.lua`
 */
export function luaFaults(file: string, text: string): string[] {
  const lines = text.split('\n');
  const headerEnd = lines.findIndex((line) => !line.startsWith('--') || line === SEPARATOR);
  const header = lines.slice(0, headerEnd).filter((line) => !INCLUDE.test(line));
  const separator = lines.indexOf(SEPARATOR);
  const unpacking = separator === -1 ? lines.slice(headerEnd) : lines.slice(headerEnd, separator);
  const body = separator === -1 ? [] : lines.slice(separator + 1);

  return [
    ...headerFaults(header),
    ...keyCountFaults(file, header, unpacking),
    ...undocumented('KEYS', header, unpacking),
    ...undocumented('ARGV', header, unpacking),
    ...(separator === -1 ? [`no line \`${SEPARATOR}\` after the positions were given names`] : []),
    ...positionsIn(body).map((position) => `${position} after \`${SEPARATOR}\`; give it a name before`),
  ];
}

/** What is wrong with a file that scripts include: it cannot know the positions of the script around it. */
export function includeFaults(text: string): string[] {
  return [
    ...(/^-- \w/.test(text) ? [] : ['does not begin with a sentence on its purpose']),
    ...positionsIn(text.split('\n')).map((position) => `${position} in an include; make it a parameter`),
  ];
}

function headerFaults(header: readonly string[]): string[] {
  const has = (pattern: RegExp) => header.some((line) => pattern.test(line));
  const faults: string[] = [];
  if (!/^-- [A-Z](?!\w*:)/.test(header[0] ?? ''))
    faults.push('the first line is not a sentence on its purpose');
  if (!has(/^-- Guarantee: \S/)) faults.push('no line `-- Guarantee: …`');
  if (!has(/^-- KEYS\[/)) faults.push('no line `-- KEYS[…] …`');
  if (!has(/^-- ARGV\[/)) faults.push('no line `-- ARGV[…] …`');
  if (!has(/^-- Returns: \S/)) faults.push('no line `-- Returns: …`');
  return faults;
}

function keyCountFaults(file: string, header: readonly string[], unpacking: readonly string[]): string[] {
  const count = KEY_COUNT.exec(file)?.[1];
  if (count === undefined) return ['the file name does not end in the number of keys, or `n`'];
  const repeats = header.some((line) => /KEYS\[(?:\d+|n)\.\.\.\]/.test(line));
  if (count === 'n')
    return repeats ? [] : ['the number of keys varies, but no `KEYS[n...]` says which repeat'];
  const faults = repeats ? [`the name promises ${count} keys, but the header lets them repeat`] : [];
  for (const [place, lines] of [
    ['header', header],
    ['code', unpacking],
  ] as const) {
    const highest = Math.max(0, ...indexes('KEYS', lines));
    if (highest !== Number(count))
      faults.push(`the name promises ${count} keys, the ${place} goes to KEYS[${highest}]`);
  }
  return faults;
}

function undocumented(table: 'KEYS' | 'ARGV', header: readonly string[], code: readonly string[]): string[] {
  const known = new Set(indexes(table, header));
  const missing = [...new Set(indexes(table, code))].filter((index) => !known.has(index));
  return missing.map((index) => `${table}[${index}] is used, but not in the header`);
}

/** Positions by number; `KEYS[3...]` counts as 3. */
function indexes(table: 'KEYS' | 'ARGV', lines: readonly string[]): number[] {
  const pattern = new RegExp(`\\b${table}\\[\\s*(\\d+)(?:\\.\\.\\.)?\\s*\\]`, 'g');
  return [...lines.join('\n').matchAll(pattern)].map((match) => Number(match[1]));
}

function positionsIn(lines: readonly string[]): string[] {
  return lines.join('\n').match(/\b(?:KEYS|ARGV)\[\s*\d+\s*\]/g) ?? [];
}
