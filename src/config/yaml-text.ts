import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Findings } from './findings.ts';

/** A parsed file and where its values stand. */
export interface YamlText {
  /** Plain data; null for an empty file. */
  data: unknown;
  /** Line of a key or entry, from 1; of the nearest one above it when it is not in the file. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** More than a real file ever needs; a bomb of aliases within aliases is refused at this count. */
const ALIASES_MAX = 50;
const CHARACTERS_MAX = 1_000_000;

/** The library's own messages quote the file, and the file may hold a pasted secret. */
const WORDS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'a key that stands there twice',
  TAB_AS_INDENT: 'a tab as indentation',
  BAD_INDENT: 'wrong indentation, or a bracket that is not closed',
  MULTIPLE_DOCS: 'a second document',
  NON_STRING_KEY: 'a key that is no text',
  TAG_RESOLVE_FAILED: 'an unknown tag',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping within a line, or a value with a colon that needs quotes',
  MULTILINE_IMPLICIT_KEY: 'a key over several lines, or a line without a colon',
  MISSING_CHAR: 'a quote or bracket that is not closed',
  BAD_SCALAR_START: 'a value that needs quotes',
  BAD_DQ_ESCAPE: 'an unknown escape in double quotes',
};

/** Parses the text of a YAML file; null when it is at fault, which is in `findings` then. */
export function parseYamlText(text: string, path: string, findings: Findings): YamlText | null {
  const expected = 'a YAML file of mappings, lists and values';
  if (text.length > CHARACTERS_MAX) {
    findings.fault({ where: path, expected, found: `${text.length} characters` });
    return null;
  }
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
    const problems = [...document.errors, ...document.warnings];
    for (const problem of problems) {
      const found =
        WORDS[problem.code] ?? `a YAML fault (${problem.code.toLowerCase().replaceAll('_', ' ')})`;
      const { line } = lines.linePos(problem.pos[0]);
      findings.fault({ where: `${path}:${line}`, expected, found });
    }
    if (problems.length > 0) return null;
    const data: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    return { data, lineOf: (steps) => lines.linePos(offsetOf(document, steps)).line };
  } catch (error) {
    // Unresolved and multiplying aliases, and nesting deeper than the stack.
    const found =
      error instanceof ReferenceError ? 'an alias without anchor, or too many' : 'nesting too deep';
    findings.fault({ where: path, expected, found });
    return null;
  }
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) return offset;
      offset = startOf(pair.key as Node, offset);
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      if (!isNode(node)) return offset;
      offset = startOf(node, offset);
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: Node, fallback: number): number {
  return node.range?.[0] ?? fallback;
}
