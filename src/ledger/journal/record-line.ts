import { crc32 } from 'node:zlib';

const CHECKSUM_CHARACTERS = 8;

/** One record as a line: CRC-32 of the text in eight hex digits, a blank, the text. The text has no line ends. */
export function encodeLine(text: string): string {
  return `${checksum(text)} ${text}\n`;
}

/** The text of a line without its end, or null when the line is damaged. */
export function decodeLine(line: string): string | null {
  const text = line.slice(CHECKSUM_CHARACTERS + 1);
  return line === `${checksum(text)} ${text}` ? text : null;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(CHECKSUM_CHARACTERS, '0');
}
