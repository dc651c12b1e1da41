import type { Output } from '../cli-io.ts';

/** Words on a terminal that take the place of those before. */
export interface ProgressLine {
  /** @param words one line */
  show(words: string): void;
  /** Takes the line away. */
  end(): void;
}

const FRAMES = ['|', '/', '-', '\\'];
const INTERVAL_MS = 200;

/** For work whose end nobody knows, so that there is no bar; a mark turns to show that it has not died. */
export function createProgressLine(output: Output): ProgressLine {
  let frame = 0;
  let words = '';
  const draw = () => output.write(`\r\u001b[K${FRAMES[frame++ % FRAMES.length]} ${words}`);
  const timer = setInterval(draw, INTERVAL_MS);
  return {
    show(now) {
      words = now;
      draw();
    },
    end() {
      clearInterval(timer);
      output.write('\r\u001b[K');
    },
  };
}
