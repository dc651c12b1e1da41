import {
  dayNamesOf,
  type Month,
  monthStartSeconds,
  nextMonth,
  previousMonth,
} from '../../../domain/month.ts';
import { bucketOf, bucketOfConversation } from '../../buckets.ts';
import { CONVERSATIONS_MAX } from '../../conversations.ts';
import { codesOf } from '../admission/admit-batches.ts';
import { dayOf } from '../admission/admit-keys.ts';
import { createServiceKeys, type ServiceKeys } from '../keys.ts';
import type { PageSource } from '../pages.ts';
import { packConversations, packMembers, packReads } from '../records/packed-marks.ts';
import { packPeople } from '../records/packed-people.ts';
import type { PersonEvidence } from './gather-evidence.ts';
import type { MarkFacts, MemberFacts } from './gather-marks.ts';
import { groupAlike } from './group-alike.ts';

/** One call of `record-n.lua`. */
export interface EvidenceCall {
  month: Month;
  /** Each at most once. */
  people: readonly PersonEvidence[];
  marks: MarkFacts;
  /** Names every key that may be needed, also those that nearly nobody needs. */
  isWhole: boolean;
}

/** Whether reads depend on what is known before the marks of the call, so that these wait for everybody in it. */
export function hasPossibleReads({ people }: EvidenceCall): boolean {
  return people.some(({ read }) => read !== null);
}

/**
 * @param isKnown whether somebody is in the month already, as far as this process knows
 * @returns those about whom nothing was done: they take a whole call. With possible reads in the call, nothing was done about
 *   its marks either
 */
export async function sendEvidenceCall(
  { writes, names, prefix, service }: PageSource,
  { month, people, marks, isWhole }: EvidenceCall,
  isKnown: (person: PersonEvidence) => boolean,
): Promise<'recorded' | 'codes' | PersonEvidence[]> {
  const keys = createServiceKeys(prefix, service);
  const codeOf = codesOf(names, service);
  const groups = groupAlike(people, (person) =>
    isWhole || !isKnown(person) ? codeOf('class', person.className) : 0,
  );
  const scriptKeys = [
    ...[keys.names, keys.months, keys.limits, keys.alerts, keys.totals(month), keys.index(month)],
    keys.totals(nextMonth(month)),
  ];
  const firstDayPlace = scriptKeys.length + 1;
  const days = isWhole
    ? dayNamesOf(month)
    : [...new Set(groups.map(({ people: [person] }) => dayOf(person!.firstAt)))];
  for (const day of days) scriptKeys.push(keys.day(month, day));
  const [before, after] = [previousMonth(month), nextMonth(month)];
  for (const { classCode, people: alike } of groups) {
    for (const { identity } of alike) {
      const bucket = bucketOf(identity);
      scriptKeys.push(keys.people(month, bucket));
      if (classCode > 0) scriptKeys.push(keys.people(before, bucket));
      if (isWhole) scriptKeys.push(keys.people(after, bucket));
    }
  }
  const packedPeople = packPeople(
    groups,
    monthStartSeconds(month),
    (instant) => firstDayPlace + days.indexOf(dayOf(instant)),
  );
  const sent = groups.flatMap((group) => group.people);
  const placeOf = createPlaces(scriptKeys);
  const packedMarks = packMarks(marks, keys, placeOf);
  const possible = sent.flatMap(({ identity, read }, position) =>
    read === null ? [] : [{ ...read, person: position + 1, member: placeOf(keys.member(identity)) }],
  );
  const reply = await writes.record(
    scriptKeys.length,
    ...scriptKeys,
    ...[names.epoch(service), month, days.length, isWhole ? 'whole' : '', packedPeople],
    ...[CONVERSATIONS_MAX, ...packedMarks, packReads(possible, month)],
  );
  if (!Array.isArray(reply)) return reply;
  return reply.map((place) => sent[place - 1]!);
}

/** Adds what marks and reads name to the keys, every key once: Redis pays for each. */
function createPlaces(scriptKeys: string[]): (key: string) => number {
  const places = new Map<string, number>();
  return (key) => {
    const known = places.get(key);
    if (known !== undefined) return known;
    const place = scriptKeys.push(key);
    places.set(key, place);
    return place;
  };
}

function packMarks(
  { conversations, members }: MarkFacts,
  keys: ServiceKeys,
  placeOf: (key: string) => number,
): (Buffer | number)[] {
  const joining = members.filter(isJoining);
  const others = members.filter((facts) => !isJoining(facts));
  return [
    packConversations(conversations, ({ conversation, month }) => ({
      bucket: placeOf(keys.conversations(bucketOfConversation(conversation))),
      totals: month === null ? 0 : placeOf(keys.totals(month)),
    })),
    packMembers([...joining, ...others], ({ identity }) => placeOf(keys.member(identity))),
    joining.length,
  ];
}

/** Nearly always somebody of whom the conversation has not heard. */
function isJoining({ membership, read }: MemberFacts): boolean {
  return membership === 'member' && read === 0;
}
