import type { Signal } from '../domain/signal.ts';

/** One statement of Twilio about what makes a user active, as it was read at the time. */
export interface CountingStatement {
  signal: Signal;
  /** `agreed`: every source that speaks of it says that it counts. `disputed`: sources contradict or are silent. */
  verdict: 'agreed' | 'disputed';
  /** What the sources say, in one sentence. */
  says: string;
  /** Where. */
  source: string;
  /** The month in which it was read, `YYYY-MM`. */
  readOn: string;
}

/** A dated reading of the sources. Change a statement by adding a new version, so that old figures stay explainable. */
export interface CountingRules {
  /** Named in every month summary. */
  version: string;
  /** Signals that make an identity active by undisputed evidence. */
  low: readonly Signal[];
  /** Signals of which any one makes an identity active in the most expensive reading. */
  high: readonly Signal[];
  statements: readonly CountingStatement[];
}

const IDENTITY_PAGE = 'https://www.twilio.com/docs/conversations/identity';
const AUDIT_ARTICLE = 'https://help.twilio.com/articles/47490206902299';
const READ_ON = '2026-11';

function statement(
  signal: Signal,
  verdict: CountingStatement['verdict'],
  source: string,
  says: string,
): CountingStatement {
  return { signal, verdict, says, source, readOn: READ_ON };
}

/**
 * Twilio's own texts disagree on what bills, so active users are given as a range: *low* counts only what nobody
 * disputes, *high* counts every identity that any text might bill, also a token that nobody is known to have used.
 */
export const COUNTING_RULES: CountingRules = {
  version: 'twilio-2026-11',
  low: ['connected', 'messaged', 'joined', 'created', 'addressed'],
  high: ['minted', 'connected', 'messaged', 'joined', 'read', 'left', 'created', 'updated', 'addressed'],
  statements: [
    statement(
      'minted',
      'disputed',
      AUDIT_ARTICLE,
      'A token that never connects does not count, but its holder can connect unseen while it is valid.',
    ),
    statement('connected', 'agreed', IDENTITY_PAGE, 'Authenticating and connecting by an SDK counts.'),
    statement('messaged', 'agreed', IDENTITY_PAGE, 'Sending a message, or being its author by REST, counts.'),
    statement('joined', 'agreed', IDENTITY_PAGE, 'Joining, or being added to, a conversation counts.'),
    statement(
      'read',
      'disputed',
      AUDIT_ARTICLE,
      'The audit article counts reading a conversation; the identity page does not list it.',
    ),
    statement(
      'left',
      'disputed',
      AUDIT_ARTICLE,
      'The identity page and the article’s table count leaving; the article’s answers say that it does not count.',
    ),
    statement('created', 'agreed', IDENTITY_PAGE, 'Creating the user record counts.'),
    statement(
      'updated',
      'disputed',
      AUDIT_ARTICLE,
      'The identity page and the article’s table count an update of the user; the article’s answers deny it.',
    ),
    statement(
      'addressed',
      'agreed',
      IDENTITY_PAGE,
      'A phone number or WhatsApp address that is added, or sends a message, counts.',
    ),
  ],
};
