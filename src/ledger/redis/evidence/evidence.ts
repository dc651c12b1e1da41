import { LRUCache } from 'lru-cache';
import { GatewayError } from '../../../domain/gateway-error.ts';
import { monthOf } from '../../../domain/month.ts';
import type { ConversationMark } from '../../conversations.ts';
import type { Evidence } from '../../ledger.ts';
import { withoutStale } from '../../read-horizon.ts';
import type { NameKey } from '../names/names.ts';
import type { PageSource } from '../pages.ts';
import { type EvidenceCall, hasPossibleReads, sendEvidenceCall } from './evidence-call.ts';
import { gatherEvidence, type PersonEvidence } from './gather-evidence.ts';
import { gatherMarks, type MarkFacts } from './gather-marks.ts';

/** People, and as many conversations and members, in one call; some 4 ms of Redis when it is full. */
const ENTRIES_PER_CALL = 512;
/** People known to be in a month; of somebody else the script is told where to look them up in the month before. */
const REMEMBERED = 20_000;
/** A ledger that was lost meanwhile knows neither the codes nor, at first, for whom it takes a whole call. */
const ATTEMPTS = 4;

const NO_MARKS: MarkFacts = Object.freeze({ conversations: [], members: [] });

/**
 * Writes evidence, month by month, and what the same events say of conversations. A failure may leave some of it written;
 * repeating all of it does no harm.
 */
export type WriteEvidence = (
  source: PageSource,
  evidence: readonly Evidence[],
  marks: readonly ConversationMark[],
) => Promise<void>;

export function createEvidenceWriter(): WriteEvidence {
  /** By epoch: a ledger that lost its data knows nobody. */
  const remembered = new LRUCache<string, true>({ max: REMEMBERED });

  return async (source, evidence, marks) => {
    for (const call of planCalls(withoutStale(evidence, marks), marks)) await writeCall(source, call);
  };

  async function writeCall(source: PageSource, call: EvidenceCall): Promise<void> {
    const { names, service } = source;
    const { month } = call;
    const classes = [...new Set(call.people.map(({ className }): NameKey => `class:${className}`))];
    const isUnknown = (key: NameKey) =>
      names.code(service, 'class', key.slice('class:'.length)) === undefined;
    if (classes.some(isUnknown)) await names.intern(service, classes);
    const strangers: string[] = [];
    const isKnown = ({ identity }: PersonEvidence) => {
      const name = `${names.epoch(service)} ${month} ${identity}`;
      if (remembered.get(name) !== undefined) return true;
      strangers.push(name);
      return false;
    };

    let rest = call;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const epoch = names.epoch(service);
      const reply = await sendEvidenceCall(source, rest, isKnown);
      if (reply === 'recorded') {
        for (const name of strangers) remembered.set(name, true);
        return;
      }
      if (Array.isArray(reply)) {
        const left = hasPossibleReads(rest) ? rest.marks : NO_MARKS;
        rest = { month, people: reply, marks: left, isWhole: true };
      } else {
        strangers.length = 0;
        names.forget(service, epoch);
        await names.intern(service, classes);
      }
    }
    throw new GatewayError('ledger-unavailable', 'evidence was not taken');
  }
}

/** At least one call for each month, with so many entries of each kind at most. */
function planCalls(evidence: readonly Evidence[], marks: readonly ConversationMark[]): EvidenceCall[] {
  const calls: EvidenceCall[] = [];
  for (const [month, rounds] of gatherEvidence(evidence)) {
    for (const some of rounds.flatMap(slices)) {
      calls.push({ month, people: some, marks: NO_MARKS, isWhole: false });
    }
  }
  const facts = gatherMarks(marks);
  const conversations = slices(facts.conversations);
  const members = slices(facts.members);
  // Marks have spoken against the reads beside them; what they tell of all months at once must not do it again.
  const from = calls.some(hasPossibleReads) ? calls.length - 1 : 0;
  for (let turn = 0; turn < Math.max(conversations.length, members.length); turn++) {
    const some = { conversations: conversations[turn] ?? [], members: members[turn] ?? [] };
    // Marks alone are of no month in particular.
    const call = calls[from + turn] ?? { month: monthOf(marks[0]!.at), people: [], isWhole: false };
    calls[from + turn] = { ...call, marks: some };
  }
  return calls;
}

function slices<Entry>(entries: readonly Entry[]): Entry[][] {
  const parts: Entry[][] = [];
  for (let from = 0; from < entries.length; from += ENTRIES_PER_CALL) {
    parts.push(entries.slice(from, from + ENTRIES_PER_CALL));
  }
  return parts;
}
