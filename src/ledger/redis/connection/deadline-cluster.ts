import { Cluster, type Command } from 'ioredis';

/**
 * A Cluster client whose calls end by their deadline, however often they are redirected or put off.
 *
 * ioredis counts the time of a call from when a node is sent it, so a call that waits for a node, or for the
 * Cluster to say who owns its slot, would take as much again for each attempt.
 */
export class DeadlineCluster extends Cluster {
  readonly #deadlineMs: number;

  /** @param deadlineMs of one call, with all attempts */
  constructor(deadlineMs: number, ...cluster: ConstructorParameters<typeof Cluster<'legacy'>>) {
    super(...cluster);
    this.#deadlineMs = deadlineMs;
  }

  override sendCommand(command: Command, ...where: SendOptions): unknown {
    command.setTimeout(this.#deadlineMs);
    return super.sendCommand(command, ...where);
  }
}

type SendOptions = Parameters<Cluster['sendCommand']> extends [unknown, ...infer Rest] ? Rest : never;
