/** What a gateway says of itself to the others, in one line beside a service's data. */
export interface RollLine {
  /** Name of the server at which it has looked last, and found nothing missing of which nobody knew; empty before. */
  server: string;
  /** The epoch under which it has told the store all that it knew. */
  told: string;
  /** Whether it knew anything of the time before that epoch. */
  remembers: boolean;
}

/** What is to be written, and what is to be taken away. */
export interface RollChanges {
  /** This gateway's own line. */
  own: string | null;
  /** Lines of others that the store has lost. */
  lost: Record<string, string>;
  /** Gateways that ended without a word. */
  gone: string[];
}

interface Other {
  line: RollLine;
  text: string;
  /** Where its line was seen last: server and epoch. */
  place: string;
  /** Monotonic, ms. */
  sameSince: number;
}

/**
 * Which gateways a service has, and what each has looked at and told, as this one knows it: what stands in the store, and
 * what stood in the one before. Whoever has been seen is waited for, also when a store has lost their line.
 *
 * A line is written before its gateway lets anybody in. So a store that lost the line has lost all that came of it, and who
 * never saw it misses it only when a gateway began within a look's distance before a failover.
 *
 * Nobody's clock is compared with another's: a gateway is gone when this one has watched its line for long enough, in a
 * store that answered all the time, and it stayed the same.
 */
export class Roll {
  readonly #name: string;
  readonly #renewMs: number;
  readonly #goneMs: number;
  readonly #others = new Map<string, Other>();
  #place = '';
  #turn = 0;
  #ownText = '';
  #writtenAt = 0;

  /**
   * @param name of this gateway; no other may have it
   * @param renewMs how often a gateway writes its line anew, although it says the same
   */
  constructor(name: string, renewMs: number) {
    this.#name = name;
    this.#renewMs = renewMs;
    this.#goneMs = 3 * renewMs;
  }

  /** Takes note of the lines that a look found. */
  note(lines: Readonly<Record<string, string>>, server: string, epoch: string, nowMs: number): void {
    this.#place = `${server} ${epoch}`;
    for (const [name, { place }] of this.#others) {
      // It stood here already, so it was taken away: its gateway has ended in order.
      if (lines[name] === undefined && place === this.#place) this.#others.delete(name);
    }
    for (const [name, text] of Object.entries(lines)) {
      if (name === this.#name) continue;
      const known = this.#others.get(name);
      if (known?.text === text) known.place = this.#place;
      else this.#others.set(name, { line: parseLine(text), text, place: this.#place, sameSince: nowMs });
    }
  }

  /** The store was away: nobody could write their line. */
  interrupted(nowMs: number): void {
    for (const other of this.#others.values()) other.sameSince = nowMs;
  }

  /** What has to change in the store after a look that found these lines. */
  changes(own: RollLine, lines: Readonly<Record<string, string>>, nowMs: number): RollChanges {
    const gone = [...this.#others].filter(([, { sameSince }]) => nowMs - sameSince > this.#goneMs);
    for (const [name] of gone) this.#others.delete(name);
    const lost = [...this.#others].filter(([name]) => lines[name] === undefined);
    return {
      own: this.#renew(own, lines[this.#name], nowMs),
      lost: Object.fromEntries(lost.map(([name, { text }]) => [name, text])),
      gone: gone.map(([name]) => name),
    };
  }

  #renew({ server, told, remembers }: RollLine, stored: string | undefined, nowMs: number): string | null {
    const text = `${server} ${told} ${remembers ? 'remembers' : ''}`;
    const isRecent = nowMs - this.#writtenAt < this.#renewMs;
    if (isRecent && stored === this.#ownText && stored.startsWith(`${text} `)) return null;
    this.#writtenAt = nowMs;
    this.#ownText = `${text} ${++this.#turn}`;
    return this.#ownText;
  }

  /** Whether every other gateway has looked at this server. */
  haveLookedAt(server: string): boolean {
    return [...this.#others.values()].every(({ line }) => line.server === server);
  }

  /**
   * Whether every other gateway has told what it knew under this epoch. Only somebody who was there before knows who else
   * was: it has put their lines back, if they were lost, before it said so.
   */
  haveTold(epoch: string, own: RollLine): boolean {
    const all = [own, ...[...this.#others.values()].map(({ line }) => line)];
    return all.every(({ told }) => told === epoch) && all.some(({ remembers }) => remembers);
  }
}

function parseLine(text: string): RollLine {
  const [server = '', told = '', remembers = ''] = text.split(' ');
  return { server, told, remembers: remembers !== '' };
}
