import type { Month } from '../../../domain/month.ts';
import { monthOf } from '../../../domain/month.ts';

/** What somebody did, in the words of the pages on which Twilio says what makes a user active. */
export type FakeDeed =
  | 'connected'
  | 'sent'
  | 'sent-by-rest'
  | 'sent-from-address'
  | 'joined'
  | 'added-by-rest'
  | 'address-added'
  | 'left'
  | 'removed'
  | 'read'
  | 'user-created'
  | 'user-updated';

/** One deed of one user, who is an identity or an address. */
export interface FakeActivity {
  serviceSid: string;
  who: string;
  deed: FakeDeed;
  at: number;
}

const CHATTING: readonly FakeDeed[] = ['connected', 'sent', 'sent-by-rest', 'joined', 'added-by-rest'];
const ADDRESSES: readonly FakeDeed[] = ['sent-from-address', 'address-added'];

/**
 * Readings of what Twilio bills. Its pages disagree, so the fake can follow any of them; it counts its own deeds by
 * them, without a thought of what anybody heard of them.
 */
export const FAKE_COUNTING = {
  /** https://www.twilio.com/docs/conversations/identity */
  'identity-page': [...CHATTING, ...ADDRESSES, 'left', 'removed', 'user-created', 'user-updated'],
  /** The answers at the end of https://help.twilio.com/articles/47490206902299 */
  'audit-answers': [...CHATTING, ...ADDRESSES, 'read', 'user-created'],
  /** What no page disputes. */
  undisputed: [...CHATTING, ...ADDRESSES, 'user-created'],
  /** All that any page bills. */
  everything: [...CHATTING, ...ADDRESSES, 'left', 'removed', 'read', 'user-created', 'user-updated'],
  /** A common belief that Twilio's pages do not share: the silent are free. */
  'writers-only': ['sent', 'sent-by-rest', 'sent-from-address'],
  /** The same belief, with those who received. */
  'writers-and-readers': ['sent', 'sent-by-rest', ...ADDRESSES, 'read'],
} as const satisfies Record<string, readonly FakeDeed[]>;

export type FakeCountingName = keyof typeof FAKE_COUNTING;

/** Who was active in a month by a reading, `service identity` each; in one service or in all of the account. */
export function activeUsers(
  activities: readonly FakeActivity[],
  month: Month,
  deeds: readonly FakeDeed[],
  serviceSid: string | null = null,
): Set<string> {
  const users = new Set<string>();
  for (const { serviceSid: at, who, deed, at: when } of activities) {
    if (serviceSid !== null && at !== serviceSid) continue;
    if (monthOf(when) === month && deeds.includes(deed)) users.add(`${at} ${who}`);
  }
  return users;
}
