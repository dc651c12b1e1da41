import type { PersonEvidence } from './gather-evidence.ts';

/** People of whom the same is told, at the same second: nearly everybody of whom an event of one kind tells. */
export interface AlikePeople {
  /** 0 when they are in the month already, as far as is known. */
  classCode: number;
  /** At least one. */
  people: PersonEvidence[];
}

/** Puts people of whom the same is told together. */
export function groupAlike(
  people: readonly PersonEvidence[],
  classCodeOf: (person: PersonEvidence) => number,
): AlikePeople[] {
  const groups = new Map<string, AlikePeople>();
  for (const person of people) {
    const classCode = classCodeOf(person);
    let key = `${classCode} ${person.firstAt} ${person.lastAt}`;
    for (const { signals, minute, source } of person.pieces) key += ` ${signals} ${minute} ${source}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { classCode, people: [person] });
    else group.people.push(person);
  }
  return [...groups.values()];
}
