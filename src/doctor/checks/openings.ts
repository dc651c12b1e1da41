import { type Finding, ok, warn } from '../finding.ts';
import type { TwilioSetup } from '../ports.ts';

/** What a browser can do that makes others billable. */
const ADDING = ['addParticipant', 'addNonChatParticipant'];
/** What lets a browser become the creator of a conversation, whose role mostly may add people. */
const OPENING = ['createConversation'];

/**
 * Whether the roles that people get by themselves open a way round the budget: a browser that may add people makes them
 * billable without a token.
 *
 * @param guarded whether adding people asks the budget by the pre-action webhook
 */
export function judgeRoles({ permissions }: TwilioSetup, guarded: boolean): Finding {
  const { user, member, creator } = permissions;
  const ways = [
    ...of(user, ADDING).map((name) => `every user has ${name}`),
    ...of(member, ADDING).map((name) => `every member has ${name}`),
  ];
  const adds = of(creator, ADDING);
  if (of(user, OPENING).length > 0 && adds.length > 0) {
    ways.push(`every user has createConversation, and creators have ${adds.join(' and ')}`);
  }
  if (ways.length === 0) return ok('browsers cannot add people');
  if (guarded)
    return ok(`browsers can add people, and the guard webhook asks the budget: ${ways.join('; ')}`);
  return warn({
    detail: ways.join('; '),
    why: 'Any browser with a token can add other identities or phone numbers to a conversation. Each is billed, and none of them asks the budget.',
    fix: 'Take these permissions out of the default roles (Twilio console, Conversations > Manage > the service > Roles), and add people from your backend; or set the guard webhook for onParticipantAdd.',
  });
}

function of(permissions: readonly string[], names: readonly string[]): string[] {
  return names.filter((name) => permissions.includes(name));
}

/** Whether messages of strangers open conversations, and so make them billable. */
export function judgeOpeningNumbers({ openingNumbers }: TwilioSetup): Finding {
  if (openingNumbers === 0) return ok('no number opens conversations by itself');
  return warn({
    detail: `${openingNumbers === 1 ? 'one number opens' : `${openingNumbers} numbers open`} a conversation when somebody unknown writes`,
    why: 'Each phone number that writes in becomes an active user. Nobody is asked, and no budget can refuse them.',
    fix: 'Switch autocreation off for the number (Twilio console, Conversations > Manage > Addresses) if it is not meant so; else keep places for your own classes with `reserve`.',
  });
}

export function judgeReachability({ reachability }: TwilioSetup): Finding {
  if (reachability) return ok('on');
  return warn({
    detail: 'off',
    why: 'Twilio tells nobody who is online, so a connection that sends no beacon leaves no trace anywhere.',
    fix: 'Switch reachability on for the service (Twilio console, Conversations > Manage > the service), if you want a second look at who is connected. Beacons are the better evidence.',
  });
}
