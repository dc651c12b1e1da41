import { type Month, monthEndSeconds, monthStartSeconds } from '../domain/month.ts';
import type { ListPage, PeopleLists, PeopleSource, PersonAtTwilio } from './ports.ts';

export interface PeopleAtTwilioParts {
  lists: PeopleLists;
  /** How the ledger writes an address of Twilio's; null for what is none. */
  identityOfAddress(address: string): string | null;
  /** Waits between calls, so that the account's limits are left to others. */
  pause(signal: AbortSignal): Promise<void>;
}

/** 100 people or conversations at most each; at ten a second some three minutes. */
const CALLS_MAX = 2_000;

/** Who is on record: the users of the service, then the participants of its conversations. */
export function createPeopleSource({ lists, identityOfAddress, pause }: PeopleAtTwilioParts): PeopleSource {
  return {
    async *people(service, month, signal) {
      let calls = 0;
      async function* pages<Item>(
        read: (next: string | null) => Promise<ListPage<Item>>,
      ): AsyncGenerator<Item[]> {
        let next: string | null = null;
        do {
          if (calls === CALLS_MAX) return;
          if (calls > 0) await pause(signal);
          signal.throwIfAborted();
          calls += 1;
          const page: ListPage<Item> = await read(next);
          yield page.items;
          next = page.next;
        } while (next !== null);
      }

      yield* mapPages(
        pages((next) => lists.users(service, next)),
        (user): PersonAtTwilio => ({
          identity: user.identity,
          trace: traceOfUser(user, month),
        }),
      );
      const ends = monthEndSeconds(month) * 1000;
      for await (const conversations of pages((next) => lists.conversations(service, ends, next))) {
        for (const { sid } of conversations) {
          const participants = pages((next) => lists.participants(service, sid, next));
          yield* mapPages(participants, ({ identity, address, createdAt }): PersonAtTwilio | null => {
            const name = identity ?? (address === null ? null : identityOfAddress(address));
            return name === null ? null : { identity: name, trace: isIn(createdAt, month) ? 'added' : null };
          });
        }
      }
      return { complete: calls < CALLS_MAX };
    },
  };
}

async function* mapPages<Item>(
  pages: AsyncIterable<Item[]>,
  toPerson: (item: Item) => PersonAtTwilio | null,
): AsyncGenerator<PersonAtTwilio[]> {
  for await (const items of pages) yield items.map(toPerson).filter((person) => person !== null);
}

function traceOfUser({ createdAt, updatedAt }: { createdAt: number; updatedAt: number }, month: Month) {
  if (isIn(createdAt, month)) return 'created';
  return isIn(updatedAt, month) ? 'updated' : null;
}

function isIn(atMs: number, month: Month): boolean {
  return atMs >= monthStartSeconds(month) * 1000 && atMs < monthEndSeconds(month) * 1000;
}
