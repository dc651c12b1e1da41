import type { GapCause } from './split-gap.ts';

/** What each cause means, and what can be done about it. */
export const CAUSE_WORDS: Record<GapCause, { says: string; nextStep: string }> = {
  'never-connected': {
    says: 'Minted a token and never seen connected: a token alone does not bill.',
    nextStep:
      'Ask for tokens later, when somebody opens the chat; `mau-guard waste` shows what it would save.',
  },
  'late-data': {
    says: "First seen after Twilio's record ends (its asOf).",
    nextStep: 'Pull again when Twilio has caught up.',
  },
  addresses: {
    says: 'Phone numbers and channel addresses, which the ledger counts and Twilio does not here.',
    nextStep: 'Ask Twilio whether addresses bill on this account; see docs/counting.md.',
  },
  'silent-participants': {
    says: 'Added to a conversation, but neither connected nor wrote.',
    nextStep: 'Look for a reading of the rules that leaves them out; see docs/counting.md.',
  },
  'silent-connections': {
    says: 'Connected, but never wrote.',
    nextStep: 'Look for a reading of the rules that leaves them out; see docs/counting.md.',
  },
  'rest-only': {
    says: 'Only their user record was made by REST.',
    nextStep: 'Make users at their first message instead, in the backend that makes them.',
  },
  'disputed-acts': {
    says: "Only read, left, or had their record changed: Twilio's own texts contradict each other on these.",
    nextStep: 'Nothing; see docs/counting.md.',
  },
  'rest-created': {
    says: 'On record at Twilio with a trace in this month, and unknown to the ledger: made by REST, unseen here.',
    nextStep:
      'Send X-Twilio-Webhook-Enabled: true with REST calls, and run `mau-guard backfill` for the month.',
  },
  'other-services': {
    says: "People of the account's other services: Twilio's record is of the whole account.",
    nextStep: 'Compare the account as a whole, or give each service a subaccount.',
  },
  unknown: {
    says: 'No cause is known.',
    nextStep:
      'Compare people by name (people=true), check that webhooks arrive, and look for services of the account that the gateway does not know.',
  },
};
