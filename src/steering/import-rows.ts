/** One line of an import as it was written; nothing is checked yet but that it can be read. */
export interface ImportLine {
  /** From 1. */
  line: number;
  /** By column; what a line does not say is missing. */
  cells: Partial<Record<ImportColumn, string>>;
}

/** A line that cannot be used. Says what is wrong and never repeats what was written: it may name a person. */
export interface ImportFault {
  line: number;
  column: ImportColumn | null;
  detail: string;
}

export const IMPORT_COLUMNS = ['issuer', 'subject', 'class', 'identity'] as const;
export type ImportColumn = (typeof IMPORT_COLUMNS)[number];

/** Which columns a list of people has. */
export interface ListShape {
  known: readonly ImportColumn[];
  /** Those without which no line can be used. */
  needed: readonly ImportColumn[];
  /** What is made of all others: a fault, since a misspelt one would change nothing in silence, or nothing. */
  others: 'refused' | 'ignored';
}

export const IMPORT_SHAPE: ListShape = {
  known: IMPORT_COLUMNS,
  needed: ['subject', 'identity'],
  others: 'refused',
};

/** Characters of one line at most: four columns of at most 256 to 1024 characters, and some air. */
export const LINE_LENGTH_MAX = 8_192;
