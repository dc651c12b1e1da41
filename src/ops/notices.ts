import type { NoticePageModel } from './notice-page.ts';

export type Notice = Omit<NoticePageModel, 'frame' | 'reference'>;

/** What the dashboard says in place of a page. */
export const NOTICES = {
  signedIn: {
    title: 'Signed in',
    text: 'You are signed in now.',
    link: 'Open the dashboard',
  },
  noMonth: {
    title: 'No such month',
    text: 'A month is written YYYY-MM, such as 2026-11.',
    link: 'Show the current month',
  },
  noService: {
    title: 'No such service',
    text: 'The configuration names no service of this name.',
    link: 'Show the default service',
  },
  noIdentity: {
    title: 'Not known',
    text: 'Nothing is known of this identity. Compare the spelling; upper and lower case differ.',
    link: 'Search',
    to: '/ops/identities',
  },
  erased: {
    title: 'Erased',
    text: 'A pseudonym stands in the place of every identity of the person. The counts stay. The audit log says when and why, not who.',
    link: 'Search',
    to: '/ops/identities',
  },
  noQuestion: {
    title: 'This cannot be searched for',
    text: 'The address holds a filter that does not exist, or a place in another list.',
    link: 'Start over',
    to: '/ops/identities',
  },
  noRole: {
    title: 'Not for your role',
    text: 'This page needs another role.',
    link: 'Show the month',
  },
  noLedger: {
    title: 'The ledger does not answer',
    text: 'The figures cannot be read at the moment, and old or empty ones would mislead. Try again in a few seconds.',
    link: 'Try again',
  },
  noProvider: {
    title: 'The identity provider does not answer',
    text: 'Nobody can sign in there at the moment. Try again in a few seconds, or use an ops key.',
    link: 'Try again',
  },
  endedHereOnly: {
    title: 'Signed out here',
    text: 'The session is over on this gateway. The ledger does not answer, so other gateways could not be told; sign in and out again later if this browser is not yours.',
    link: 'To the form',
  },
} as const satisfies Record<string, Notice>;
