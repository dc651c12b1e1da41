import { type FakeAnswer, type FakeRead, fakeError, notFound } from './answers.ts';
import {
  fetchAccountWebhooks,
  fetchConfiguration,
  fetchServiceConfiguration,
  fetchServiceWebhooks,
  listAddresses,
} from './configuration.ts';
import { fetchConversation, listConversations } from './conversations.ts';
import { listMessages } from './messages.ts';
import { listParticipants } from './participants.ts';
import { fetchService, listRoles, listServices } from './services.ts';
import { listDailyUsage, listMonthlyUsage, listThisMonthUsage } from './usage-records.ts';
import { listTriggers } from './usage-triggers.ts';
import { listParticipantConversations, listUserConversations } from './user-conversations.ts';
import { fetchUser, listUsers } from './users.ts';

/** What the fake can be asked, by path; `{}` is a variable place. All of it is reading: acts go through the model. */
export const FAKE_RESOURCES: Readonly<Record<string, (read: FakeRead) => FakeAnswer>> = {
  '/v1/Services': listServices,
  '/v1/Services/{}': fetchService,
  '/v1/Services/{}/Conversations': listConversations,
  '/v1/Services/{}/Conversations/{}': fetchConversation,
  '/v1/Services/{}/Conversations/{}/Participants': listParticipants,
  '/v1/Services/{}/Conversations/{}/Messages': listMessages,
  '/v1/Services/{}/Users': listUsers,
  '/v1/Services/{}/Users/{}': fetchUser,
  '/v1/Services/{}/Users/{}/Conversations': listUserConversations,
  '/v1/Services/{}/ParticipantConversations': listParticipantConversations,
  '/v1/Services/{}/Roles': listRoles,
  '/v1/Services/{}/Configuration': fetchServiceConfiguration,
  '/v1/Services/{}/Configuration/Webhooks': fetchServiceWebhooks,
  '/v1/Configuration': fetchConfiguration,
  '/v1/Configuration/Webhooks': fetchAccountWebhooks,
  '/v1/Configuration/Addresses': listAddresses,
  '/2010-04-01/Accounts/{}/Usage/Records/Monthly.json': listMonthlyUsage,
  '/2010-04-01/Accounts/{}/Usage/Records/Daily.json': listDailyUsage,
  '/2010-04-01/Accounts/{}/Usage/Records/ThisMonth.json': listThisMonthUsage,
  '/2010-04-01/Accounts/{}/Usage/Triggers.json': listTriggers,
};

const ROUTES = Object.entries(FAKE_RESOURCES).map(([path, answer]) => ({
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll('{}', '([^/]+)')}$`),
  answer,
}));

/** Answers a request that has shown its key. */
export function answerRead(method: string, read: Omit<FakeRead, 'path'>): FakeAnswer {
  for (const { pattern, answer } of ROUTES) {
    const match = pattern.exec(read.url.pathname);
    if (match === null) continue;
    if (method !== 'GET') return fakeError(405, 20004, 'Method not allowed');
    return answer({ ...read, path: match.slice(1).map(decodeURIComponent) });
  }
  return notFound(read);
}
