import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createStreamSink } from '../../../src/cli/operator/export-sink.ts';

describe('an export to a stream', () => {
  it('waits for a reader who is slow', async () => {
    let release: () => void = () => {};
    const taken: string[] = [];
    const slow = new Writable({
      highWaterMark: 4,
      write(chunk, _encoding, done) {
        taken.push(String(chunk));
        release = done;
      },
    });
    const sink = createStreamSink(slow);
    const mark = { cursor: 'c', rows: 1 };
    let isWritten = false;
    const writing = sink.write('a first part', mark).then(() => {
      isWritten = true;
    });
    await sleep(20);
    expect(isWritten).toBe(false);
    release();
    await writing;
    expect(taken).toEqual(['a first part']);
  });

  it('begins at the beginning: nothing of an earlier run is left', () => {
    expect(createStreamSink({ write: () => true }).start).toEqual({ cursor: null, rows: 0 });
  });
});
