import {
  type IdentityLookupAnswer,
  identityLookupSchema,
  type NameRow,
} from '../../contract/identity-lookup.ts';
import { GatewayRefusal } from './gateway-errors.ts';
import { moveLines } from './move-lines.ts';
import type { ListedUser } from './parse-user-list.ts';
import type { Session } from './session.ts';
import { type ImportPart, type PartSize, splitImport } from './split-import.ts';

export interface NamingOrder {
  users: readonly ListedUser[];
  reason: string;
  /** `YYYY-MM` or `current`; null: only who they are. */
  month: string | null;
  /** Users done so far. */
  onProgress(done: number): void;
}

/** Some of the users with their identities. */
export interface NamedPart {
  answer: IdentityLookupAnswer;
  /** In the order of the list; a user may have several rows. */
  rows: { user: ListedUser; row: NameRow }[];
}

/** A second or so, so that progress shows; little to hold. */
const NAMED_AT_ONCE: PartSize = { rowsMax: 5_000, bytesMax: 8 * 1_048_576 };

/**
 * Asks part by part who the users are. The gateway is told subject, issuer and class, and nothing else of the list.
 *
 * @throws GatewayRefusal with the lines of the file
 */
export async function* namePeople(session: Session, order: NamingOrder): AsyncGenerator<NamedPart> {
  const { users, reason, onProgress } = order;
  const list = users.map(({ person }) => `${JSON.stringify(person)}\n`).join('');
  let { month } = order;
  let done = 0;
  onProgress(done);
  for (const part of splitImport(list, 'ndjson', NAMED_AT_ONCE)) {
    const userAt = (line: number) => users[part.linesBefore + line - 1];
    const answer = await ask(session, part, { reason, ...(month === null ? {} : { month }) }, userAt);
    // By name from here on, so that the turn of a month does not lead to another one.
    month = answer.month;
    done += part.rows;
    onProgress(done);
    const rows = answer.items.flatMap((row) => {
      const user = userAt(row.line);
      return user === undefined ? [] : [{ user, row }];
    });
    yield { answer, rows };
  }
}

async function ask(
  session: Session,
  { text }: ImportPart,
  query: Record<string, string>,
  userAt: (line: number) => ListedUser | undefined,
): Promise<IdentityLookupAnswer> {
  try {
    const { data } = await session.read({
      ...{ method: 'POST', path: '/v1/identity-lookups', query, schema: identityLookupSchema },
      body: { mediaType: 'application/x-ndjson; charset=utf-8', text },
    });
    return data;
  } catch (error) {
    if (!(error instanceof GatewayRefusal)) throw error;
    const problem = moveLines(error.problem, (line) => userAt(line)?.line ?? line);
    throw new GatewayRefusal(problem, error.idempotencyKey);
  }
}
