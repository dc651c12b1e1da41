import type { NoticePageModel } from './notice-page.ts';

export type Notice = Omit<NoticePageModel, 'demo'>;

/** What the dashboard says in place of a month's page. */
export const NOTICES = {
  signedIn: {
    title: 'Signed in',
    text: 'The link worked; it cannot be used again.',
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
  noLedger: {
    title: 'The ledger does not answer',
    text: 'The figures cannot be read at the moment, and old or empty ones would mislead. Try again in a few seconds.',
    link: 'Try again',
  },
} as const satisfies Record<string, Notice>;
