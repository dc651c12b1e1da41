import { Cluster, type Redis } from 'ioredis';
import { LedgerUnavailable } from '../../../domain/ledger-unavailable.ts';
import type { LedgerClient, ScriptedClient } from '../scripts.ts';
import { createFindOwner } from './find-owner.ts';

export interface WaitOptions {
  /** A write is acknowledged only after so many replicas have it; 0 asks none. */
  waitReplicas: number;
  /** Deadline of the call and the waiting together, ms. */
  deadlineMs: number;
}

/** Where the first key stands among the arguments of each call whose answer somebody is given as lasting. */
const FIRST_KEY = { admit: 1, join: 0, record: 1, replay: 1, change: 1, reread: 0, adopt: 1 } as const;

/** Of the time that is left after the write. */
const WAIT_SHARE = 0.75;

type Write = keyof typeof FIRST_KEY;

/** The scripts whose answers promise something: a token, a place, evidence, an operator's change, also an earlier one. */
export type AcknowledgedWrites = Pick<ScriptedClient, Write>;

/** Any of them, as far as it matters here. */
type Call = (...call: readonly unknown[]) => Promise<unknown>;

/**
 * How they are called. With replicas to wait for, a call resolves only when so many have what it wrote.
 *
 * WAIT speaks of the writes of the connection that it comes on. So it is sent in the very turn in which the reply
 * came, when that connection cannot have been replaced; sent ahead, it would overtake a script that is sent again
 * because the server had forgotten it (NOSCRIPT).
 */
export function acknowledgeWrites(client: LedgerClient, options: WaitOptions): AcknowledgedWrites {
  if (options.waitReplicas === 0) return client;
  const findOwner = client instanceof Cluster ? createFindOwner(client) : null;
  const writes = Object.entries(FIRST_KEY).map(([name, firstKeyAt]): [string, Call] => [
    name,
    (...call) => {
      const waiting = { ...options, endsAt: performance.now() + options.deadlineMs };
      if (findOwner === null)
        return sendAndWait(client as Redis & ScriptedClient, name as Write, call, waiting);
      return sendToOwner(findOwner, String(call[firstKeyAt]), name as Write, call, waiting);
    },
  ]);
  return Object.fromEntries(writes) as unknown as AcknowledgedWrites;
}

async function sendToOwner(
  findOwner: ReturnType<typeof createFindOwner>,
  firstKey: string,
  name: Write,
  call: readonly unknown[],
  waiting: Waiting,
): Promise<unknown> {
  for (;;) {
    const owner = await findOwner(firstKey);
    try {
      return await sendAndWait(owner.connection, name, call, waiting);
    } catch (error) {
      if (!didNothing(error) || performance.now() > waiting.endsAt) throw error;
      await owner.isOther();
    }
  }
}

/** Whether a node says that it is not the one, or not yet, so that asking again is no repetition. */
function didNothing(error: unknown): boolean {
  return error instanceof Error && /^(MOVED|ASK|TRYAGAIN|CLUSTERDOWN) /.test(error.message);
}

async function sendAndWait(
  connection: Redis & ScriptedClient,
  name: Write,
  call: readonly unknown[],
  { waitReplicas, endsAt }: Waiting,
): Promise<unknown> {
  const reply = await (connection[name] as Call)(...call);
  // Only `reread` answers it: nothing was read, so nothing is promised.
  if (reply === null) return null;
  // Less than what is left, so that the server says how many there are before the client gives up; 0 would be for ever.
  const leftMs = Math.max(1, Math.ceil(WAIT_SHARE * (endsAt - performance.now())));
  const replicas = await connection.wait(waitReplicas, leftMs);
  if (replicas >= waitReplicas) return reply;
  throw new LedgerUnavailable('few-replicas', `only ${replicas} of ${waitReplicas} replicas have the write`);
}

interface Waiting extends WaitOptions {
  /** By `performance.now()`. */
  endsAt: number;
}
