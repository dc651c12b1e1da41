import { createServiceKeys } from '../keys.ts';
import { type PageSource, resultsOf } from '../pages.ts';
import type { RollChanges } from './roll.ts';

/** Writes what this gateway says of itself, and mends the lines of the others. */
export async function writeRoll(
  { client, prefix, service }: PageSource,
  name: string,
  { own, lost, gone }: RollChanges,
): Promise<void> {
  const { gateways } = createServiceKeys(prefix, service);
  const writing = client.pipeline();
  if (gone.length > 0) writing.hdel(gateways, ...gone);
  // Before the own line: whoever reads that may rely on the others.
  for (const [other, line] of Object.entries(lost)) writing.hsetnx(gateways, other, line);
  if (own !== null) writing.hset(gateways, name, own);
  if (writing.length > 0) resultsOf(await writing.exec());
}

/** Nobody need wait for this gateway any more. */
export async function leaveRoll({ client, prefix, service }: PageSource, name: string): Promise<void> {
  await client.hdel(createServiceKeys(prefix, service).gateways, name);
}
