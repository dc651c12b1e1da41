/** A character as the bytes of its UTF-8, each as two hex digits behind a mark: `%C3%A4`. */
export function spellBytes(character: string, mark: string): string {
  return [...Buffer.from(character, 'utf8')]
    .map((byte) => `${mark}${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
