import type { BackfillAnswer } from '../../contract/backfill.ts';
import type { CliIo } from '../cli-io.ts';
import { formatBackfillLine } from './format-backfill.ts';
import { createProgressBar } from './progress-bar.ts';
import { createProgressLine } from './progress-line.ts';

/** What is seen of a backfill while it goes on. */
export interface BackfillView {
  show(data: BackfillAnswer): void;
  /** Takes away what should not stay. */
  end(): void;
}

/** Words on something that is no terminal come this often. */
const WORDS_MS = 30_000;

/** A bar as soon as it is known how much there is, on a terminal; elsewhere a line now and then. */
export function createBackfillView(io: CliIo, say: (words: string) => void): BackfillView {
  return io.stderr.isTTY === true ? createLiveView(io) : createWordsView(io, say);
}

function createLiveView({ stderr, elapsed }: CliIo): BackfillView {
  const line = createProgressLine(stderr);
  let view: BackfillView = { show: (data) => line.show(formatBackfillLine(data)), end: line.end };
  let hasBar = false;
  return {
    show(data) {
      const { month, read, there } = data;
      if (!hasBar && there?.complete === true && there.conversations > 0) {
        view.end();
        const bar = createProgressBar(stderr, {
          ...{ label: month, total: there.conversations, isAbout: true },
          ...{ from: read.conversations, now: elapsed },
        });
        view = { show: (now) => bar.show(now.read.conversations), end: bar.end };
        hasBar = true;
      }
      view.show(data);
    },
    end: () => view.end(),
  };
}

function createWordsView({ elapsed }: CliIo, say: (words: string) => void): BackfillView {
  let toldAt: number | null = null;
  return {
    show(data) {
      const now = elapsed();
      if (toldAt !== null && now - toldAt < WORDS_MS) return;
      toldAt = now;
      say(formatBackfillLine(data));
    },
    end() {},
  };
}
