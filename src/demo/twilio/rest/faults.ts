import { type FakeAnswer, fakeError } from './answers.ts';

/** What can come in place of an answer: another one, none at all, or the right one too late. */
export type FakeFault = FakeAnswer | 'hang' | 'cut' | { delayMs: number };

/** The ways in which a Twilio, or what stands before it, is met in a bad hour. */
export const FAKE_FAULTS = {
  unauthorized: fakeError(401, 20003, 'Authenticate'),
  forbidden: fakeError(403, 20003, 'Permission denied'),
  tooOften: { ...fakeError(429, 20429, 'Too Many Requests'), headers: { 'retry-after': '1' } },
  broken: fakeError(500, 20500, 'An internal server error has occurred'),
  away: { status: 503, body: 'upstream connect error', headers: { 'content-type': 'text/plain' } },
  html: {
    status: 200,
    body: '<!doctype html><title>Sign in</title>',
    headers: { 'content-type': 'text/html' },
  },
  nothing: { status: 200, body: '' },
  otherShape: { status: 200, body: { hello: 'world' } },
  cut: 'cut',
  hang: 'hang',
} as const satisfies Record<string, FakeFault>;
