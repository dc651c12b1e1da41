import { once } from 'node:events';
import type { Output } from '../cli-io.ts';

/** How far an export has come. */
export interface ExportMark {
  /** Where the next part begins; null at the beginning. */
  cursor: string | null;
  /** Rows written so far. */
  rows: number;
}

/** Where an export goes. */
export interface ExportSink {
  /** Where to go on: the beginning, or the end of what an earlier run has left. */
  start: ExportMark;
  /** Writes a part; `mark` is how far it leads. */
  write(text: string, mark: ExportMark): Promise<void>;
  /** Everything is written. */
  finish(): Promise<void>;
  /** Leaves what is there for a later run. */
  leave(): Promise<void>;
}

/** Writes to a stream, no faster than it is read. */
export function createStreamSink(output: Output): ExportSink {
  return {
    start: { cursor: null, rows: 0 },
    async write(text) {
      const taken = output.write(text);
      if (taken === false && 'once' in output) await once(output as NodeJS.WriteStream, 'drain');
    },
    async finish() {},
    async leave() {},
  };
}
