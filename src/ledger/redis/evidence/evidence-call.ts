import {
  daysInMonth,
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
import { packConversation, packMember } from '../records/packed-marks.ts';
import { packPerson } from '../records/packed-people.ts';
import type { PersonEvidence } from './gather-evidence.ts';
import type { MarkFacts, MemberFacts } from './gather-marks.ts';

/** One call of `record-n.lua`. */
export interface EvidenceCall {
  month: Month;
  /** Each at most once. */
  people: readonly PersonEvidence[];
  marks: MarkFacts;
  /** Names every key that may be needed, also those that nearly nobody needs. */
  isWhole: boolean;
}

/**
 * @param isKnown whether somebody is in the month already, as far as this process knows
 * @returns places among the people, from 1, of those about whom nothing was done: they take a whole call
 */
export function sendEvidenceCall(
  { writes, names, prefix, service }: PageSource,
  { month, people, marks, isWhole }: EvidenceCall,
  isKnown: (person: PersonEvidence) => boolean,
): Promise<'recorded' | 'codes' | number[]> {
  const keys = createServiceKeys(prefix, service);
  const starts = monthStartSeconds(month);
  const codeOf = codesOf(names, service);
  const days = isWhole ? daysOf(month) : [...new Set(people.map(({ firstAt }) => dayOf(firstAt)))];
  const scriptKeys = [
    ...[keys.names, keys.months, keys.limits, keys.alerts, keys.totals(month), keys.index(month)],
    keys.totals(nextMonth(month)),
  ];
  const firstDayPlace = scriptKeys.length + 1;
  for (const day of days) scriptKeys.push(keys.day(month, day));

  const packedPeople = people.map((person) => {
    const isStranger = isWhole || !isKnown(person);
    const bucket = bucketOf(person.identity);
    scriptKeys.push(keys.people(month, bucket));
    if (isStranger) scriptKeys.push(keys.people(previousMonth(month), bucket));
    if (isWhole) scriptKeys.push(keys.people(nextMonth(month), bucket));
    return packPerson(person, {
      starts,
      classCode: isStranger ? codeOf('class', person.className) : 0,
      dayPlace: firstDayPlace + days.indexOf(dayOf(person.firstAt)),
    });
  });
  const packedMarks = packMarks(marks, keys, scriptKeys);
  return writes.record(
    scriptKeys.length,
    ...scriptKeys,
    ...[names.epoch(service), month, days.length, isWhole ? 'whole' : '', Buffer.concat(packedPeople)],
    ...[CONVERSATIONS_MAX, ...packedMarks],
  );
}

/** Adds what marks name to the keys, every key once: Redis pays for each. */
function packMarks(
  { conversations, members }: MarkFacts,
  keys: ServiceKeys,
  scriptKeys: string[],
): (Buffer | number)[] {
  const joining = members.filter(isJoining);
  const others = members.filter((facts) => !isJoining(facts));
  const places = new Map<string, number>();
  const placeOf = (key: string) => {
    const known = places.get(key);
    if (known !== undefined) return known;
    const place = scriptKeys.push(key);
    places.set(key, place);
    return place;
  };
  return [
    Buffer.concat(
      conversations.map((facts) =>
        packConversation(facts, {
          bucket: placeOf(keys.conversations(bucketOfConversation(facts.conversation))),
          totals: facts.month === null ? 0 : placeOf(keys.totals(facts.month)),
        }),
      ),
    ),
    Buffer.concat(
      [...joining, ...others].map((facts) => packMember(facts, placeOf(keys.member(facts.identity)))),
    ),
    joining.length,
  ];
}

/** Nearly always somebody of whom the conversation has not heard. */
function isJoining({ membership, read }: MemberFacts): boolean {
  return membership === 'member' && read === 0;
}

function daysOf(month: Month): string[] {
  return Array.from({ length: daysInMonth(month) }, (_, position) => String(position + 1).padStart(2, '0'));
}
