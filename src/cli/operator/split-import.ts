/** A stretch of an import file that can be sent by itself. */
export interface ImportPart {
  text: string;
  /** Rows in it, without the header and without empty lines. */
  rows: number;
  /** Lines of the file are those of the part plus this, from the first row on. */
  linesBefore: number;
}

export interface PartSize {
  rowsMax: number;
  /** UTF-8, including the header. */
  bytesMax: number;
}

/**
 * Cuts a file between rows; each part of a CSV begins with the header. A quoted cell may hold line breaks, so that a
 * row can be several lines. Nothing is checked: what is wrong with a row is for the gateway to say.
 */
export function splitImport(
  text: string,
  format: 'csv' | 'ndjson',
  { rowsMax, bytesMax }: PartSize,
): ImportPart[] {
  const records = format === 'csv' ? csvRecords(text) : ndjsonRecords(text);
  const header = format === 'csv' ? (records.shift() ?? '') : '';
  const headerBytes = Buffer.byteLength(header);
  const parts: ImportPart[] = [];
  let part = { text: header, rows: 0, linesBefore: 0 };
  let bytes = headerBytes;
  let lines = 0;
  for (const record of records) {
    const size = Buffer.byteLength(record);
    if (part.rows > 0 && (part.rows >= rowsMax || bytes + size > bytesMax)) {
      parts.push(part);
      part = { text: header, rows: 0, linesBefore: lines };
      bytes = headerBytes;
    }
    part.text += record;
    if (record.trim() !== '') part.rows += 1;
    bytes += size;
    lines += countBreaks(record);
  }
  return [...parts, part];
}

/** With their line breaks; a break inside quotes is part of its record. */
function csvRecords(text: string): string[] {
  const records: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    const isBreak = character === '\n' || (character === '\r' && text[at + 1] !== '\n');
    if (quoted || !isBreak) continue;
    records.push(text.slice(from, at + 1));
    from = at + 1;
  }
  if (from < text.length) records.push(text.slice(from));
  return records;
}

function ndjsonRecords(text: string): string[] {
  return text.split(/(?<=\n)/);
}

function countBreaks(record: string): number {
  return record.match(/\r\n|\n|\r/g)?.length ?? 0;
}
