import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import {
  guestAnswerSchema,
  guestRequestSchema,
  linkAnswerSchema,
  linkRequestSchema,
} from '../../contract/guests.ts';
import { CALLER_PROBLEMS } from './caller-parts.ts';
import { BODY_PROBLEMS, LEDGER_PROBLEMS } from './problem-groups.ts';
import { problemResponses } from './problem-responses.ts';

const setCookie = {
  'Set-Cookie': { description: 'The guest cookie, when it changes.', schema: { type: 'string' as const } },
};

/** Routes of people without a login, and of those who get one. */
export const GUEST_PATHS: readonly RouteConfig[] = [
  {
    method: 'post',
    path: '/v1/guests',
    operationId: 'enterGuest',
    tags: ['frontend'],
    summary: 'This browser’s guest, confirmed or new',
    description:
      'A valid cookie or credential gives the same guest again; one that is forged, expired, for another service or ' +
      'of a guest who has become a member gives a new guest. Mints nothing and counts nobody. Safe to repeat.',
    security: [{}, { guest: [] }, { guestCookie: [] }],
    request: { body: { required: true, content: { 'application/json': { schema: guestRequestSchema } } } },
    responses: {
      200: {
        description: 'The guest.',
        headers: setCookie,
        content: { 'application/json': { schema: guestAnswerSchema } },
      },
      ...problemResponses([
        ...(['invalid-request', 'forbidden', 'guests-not-allowed', 'not-found', 'rate-limited'] as const),
        ...BODY_PROBLEMS,
        ...LEDGER_PROBLEMS,
      ]),
    },
  },
  {
    method: 'post',
    path: '/v1/links',
    operationId: 'linkGuest',
    tags: ['frontend'],
    summary: 'Lets a member go on as the guest that their browser was',
    description:
      'Needs both proofs: the app’s login and the guest’s credential, in the cookie or in the body. The member takes ' +
      'over the guest’s identity when they have none of their own yet; a guest is taken over once. Safe to repeat.',
    security: [
      { login: [], guestCookie: [] },
      { cookie: [], guestCookie: [] },
      { login: [] },
      { backendKey: [], backendSubject: [] },
    ],
    request: { body: { required: true, content: { 'application/json': { schema: linkRequestSchema } } } },
    responses: {
      200: {
        description: 'What became of the two.',
        headers: setCookie,
        content: { 'application/json': { schema: linkAnswerSchema } },
      },
      ...problemResponses([...CALLER_PROBLEMS, ...BODY_PROBLEMS]),
    },
  },
];
