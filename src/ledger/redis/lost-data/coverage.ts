import type { Pulse } from './read-pulse.ts';

/** A look that found nothing missing. */
interface Look {
  epoch: string;
  server: string;
  /** Bytes of the server's stream by then. */
  written: number;
  /** `KnownPerson.order` of the last one who was remembered before the question was sent. */
  order: number;
}

/** As many seconds that a replica may be behind its master; from there on all people count as perhaps lost. */
const LOOKS_KEPT = 16;

/**
 * Which of the people whom this process remembers must be in the data of a server that took over from another one. What it
 * has is a beginning of what that one wrote, and it says where that ends: everything before a look that came earlier is there.
 */
export class Coverage {
  #looks: Look[] = [];
  #settled = 0;

  note({ epoch, server }: Pick<Pulse, 'epoch' | 'server'>, order: number): void {
    if (epoch === null || server.name === '') return;
    this.#looks.push({ epoch, server: server.name, written: server.written, order });
    if (this.#looks.length > LOOKS_KEPT) this.#looks.shift();
  }

  /** Up to which place in the order they are there; 0 when that is not known. An emptied store follows no epoch. */
  upTo({ epoch, epochBefore, server: { before } }: Pick<Pulse, 'epoch' | 'epochBefore' | 'server'>): number {
    if (before === null) return 0;
    const isBeginning = (look: Look) =>
      look.server === before.name &&
      look.written <= before.hasUpTo &&
      (look.epoch === epoch || look.epoch === epochBefore);
    return this.#looks.findLast(isBeginning)?.order ?? 0;
  }

  /** Everybody up to this place in the order has been looked for, or told, whatever came of it. */
  settled(order: number): void {
    this.#settled = order;
  }

  /** From which place on another server has to be asked: who came before was found, or came too long ago to be on the way. */
  doubtfulFrom(pulse: Pick<Pulse, 'epoch' | 'epochBefore' | 'server'>): number {
    return Math.max(this.#settled, this.#looks[0]?.order ?? 0, this.upTo(pulse));
  }
}
