import { readdirSync, readFileSync } from 'node:fs';
import type { Cluster, Redis } from 'ioredis';
import type { AdmitReply } from './admission/admit-reply.ts';

/** The ledger's scripts as methods of a client; keys first, their number before them. */
export interface ScriptedClient {
  admit(
    keyCount: number,
    ...keysAndArguments: (string | number | Buffer)[]
  ): Promise<'codes' | 'behind' | AdmitReply>;
  join(...keysAndArguments: (string | number)[]): Promise<string>;
  record(
    keyCount: number,
    ...keysAndArguments: (string | number | Buffer)[]
  ): Promise<'recorded' | 'codes' | number[]>;
  replay(
    keyCount: number,
    ...keysAndArguments: (string | number | Buffer)[]
  ): Promise<string | [code: string, ...placesAndPseudonyms: (string | number)[]]>;
  look(keyCount: number, ...keysAndArguments: string[]): Promise<PulseReply>;
  clock(names: string): Promise<[seconds: number | string, microseconds: number | string]>;
  announce(keyCount: number, ...keysAndArguments: (string | number)[]): Promise<string>;
  limitsBack(limits: string, raises: string, ...versionAndFields: (string | number)[]): Promise<string>;
  bondsBack(...keysAndArguments: (string | number)[]): Promise<string>;
  intern(names: string, firstEpoch: string, ...keys: string[]): Promise<(string | number)[]>;
  count(totals: string, day: string, ...countersAndAmounts: (string | number)[]): Promise<string>;
  configure(limits: string, month: string, text: string): Promise<string>;
  change(keyCount: number, ...keysAndArguments: (string | number)[]): Promise<[code: string, kept?: string]>;
  reread(key: string, field: string): Promise<string | null>;
  adopt(
    keyCount: number,
    ...keysAndArguments: (string | number)[]
  ): Promise<string | [code: string, identity: string]>;
  foretell(...keysAndArguments: (string | number)[]): Promise<string>;
  take(keyCount: number, ...keysAndArguments: (string | number)[]): Promise<string[]>;
  settle(deliveries: string, outbox: string, ...arguments_: (string | number)[]): Promise<string>;
  keep(papers: string, name: string, text: string, rule: string, expected: string): Promise<string>;
  relog(names: string, log: string, ...epochAndEntries: (string | number | Buffer)[]): Promise<string>;
  relogEnd(mints: string, log: string, last: number): Promise<string>;
  bringBack(keyCount: number, ...keysAndArguments: (string | number | Buffer)[]): Promise<string>;
  lift(keyCount: number, ...keysAndArguments: (string | number)[]): Promise<string>;
  sweep(keyCount: number, ...keysAndArguments: (string | number)[]): Promise<number>;
  fingerprint(settings: string, fingerprint: string, onDifference: string): Promise<string>;
}

/** What `look-n.lua` answers. */
export type PulseReply = [
  epoch: string | null,
  epochBefore: string | null,
  bonds: string | null,
  relinked: string | null,
  limits: string | null,
  months: string[],
  gatewaysAndLines: string[],
  server: [name: string, written: string, before: string, firstNotShared: string],
  ...counts: (string | null)[][],
];

export type LedgerClient = (Redis | Cluster) & ScriptedClient;

const COMMANDS: Record<keyof ScriptedClient, string> = {
  admit: 'admit-n',
  join: 'join-9',
  record: 'record-n',
  replay: 'replay-n',
  look: 'look-n',
  clock: 'clock-1',
  announce: 'announce-n',
  limitsBack: 'limits-back-2',
  bondsBack: 'bonds-back-5',
  intern: 'intern-1',
  count: 'count-2',
  configure: 'configure-1',
  change: 'change-n',
  reread: 'reread-1',
  adopt: 'adopt-n',
  foretell: 'foretell-3',
  take: 'take-n',
  settle: 'settle-2',
  keep: 'keep-1',
  relog: 'relog-2',
  relogEnd: 'relog-end-2',
  bringBack: 'return-n',
  lift: 'lift-n',
  sweep: 'sweep-n',
  fingerprint: 'fingerprint-1',
};

/**
 * Defines every script on a client. The number at the end of a script's name is its number of keys; `n` means
 * that each call says how many.
 */
export function defineScripts(client: Redis | Cluster): LedgerClient {
  const folder = new URL('./lua/', import.meta.url);
  const files = new Set(readdirSync(folder));
  for (const [command, script] of Object.entries(COMMANDS)) {
    if (!files.has(`${script}.lua`)) throw new Error(`script ${script}.lua is missing from the build`);
    const keys = script.slice(script.lastIndexOf('-') + 1);
    client.defineCommand(command, {
      lua: readScript(folder, script),
      ...(keys === 'n' ? {} : { numberOfKeys: Number(keys) }),
    });
  }
  return client as LedgerClient;
}

/** Every script as it is sent to the server. */
export function readScriptTexts(): string[] {
  const folder = new URL('./lua/', import.meta.url);
  return Object.values(COMMANDS).map((script) => readScript(folder, script));
}

function readScript(folder: URL, script: string): string {
  return withIncludes(folder, readFileSync(new URL(`${script}.lua`, folder), 'utf8'));
}

/** An include may stand anywhere, also inside a function or in another include. */
function withIncludes(folder: URL, text: string): string {
  return text.replace(/^ *-- include: (\w+)$/gm, (_line, name: string) =>
    withIncludes(folder, readFileSync(new URL(`includes/${name}.lua`, folder), 'utf8')),
  );
}
