import type { ConversationMark, MemberMark } from '../../../src/ledger/conversations.ts';
import type { Evidence } from '../../../src/ledger/ledger.ts';
import { conversationSid, evidenceOf, identityOf } from './builders.ts';
import type { LedgerCase } from './ledger-case.ts';
import { sortMasks } from './model-reports.ts';
import { MONTHS } from './operations.ts';

/** What one participant event tells. */
export interface Update {
  evidence: Evidence[];
  marks: ConversationMark[];
}

export interface UpdateOptions {
  person?: string;
  room?: number;
  /** False: no client is named, so that the update proves nothing but `read`. */
  named?: boolean;
}

/** The member's own update, over the SDK: with the index that it may have moved, or had all along. */
export function ownUpdate(index: number, at: string, options: UpdateOptions = {}): Update {
  const { person = 'ann', room = 1, named = true } = options;
  const read = evidenceOf(person, 'read', at, { upTo: { conversation: conversationSid(room), index } });
  const connected = named ? [evidenceOf(person, 'connected', at)] : [];
  return { evidence: [read, ...connected], marks: [memberMark(index, at, options)] };
}

/** An update by a backend, or by the client of somebody else. */
export function updateByOther(index: number, at: string, options: UpdateOptions = {}): Update {
  return { evidence: [], marks: [{ ...memberMark(index, at, options), byOther: true }] };
}

/** What a participant event tells of a member. */
export function memberMark(
  index: number | null,
  at: string,
  { person = 'ann', room = 1 }: UpdateOptions,
): MemberMark {
  const conversation = conversationSid(room);
  const identity = identityOf(person);
  return { kind: 'member', conversation, identity, lastRead: index, at: Date.parse(at) };
}

/** Tells of updates one by one. */
export async function tell(c: LedgerCase, ...updates: Update[]): Promise<void> {
  for (const { evidence, marks } of updates) await c.ledger.record(c.service, evidence, marks);
}

/** What several updates tell. */
export function together(updates: readonly Update[]): [Evidence[], ConversationMark[]] {
  return [updates.flatMap(({ evidence }) => evidence), updates.flatMap(({ marks }) => marks)];
}

/** Who is in which month, with what they were seen to do. */
export async function everyoneIn(c: LedgerCase) {
  const months = [];
  for (const month of MONTHS) {
    const { masks, all } = await c.totals(month);
    const people = await c.people(month);
    months.push({ people: sortPeople(people), masks: sortMasks(masks), all });
  }
  return months;
}

export const sortPeople = <Person extends { identity: string }>(people: Person[]) =>
  people.sort((one, two) => (one.identity < two.identity ? -1 : 1));
