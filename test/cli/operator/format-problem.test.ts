import { expect, test } from '@jest/globals';
import { formatProblem } from '../../../src/cli/operator/format-problem.ts';

const PROBLEM = {
  ...{ status: 404, title: 'Not found', code: 'not-found', requestId: null, errors: [] },
  ...{ retryAfterSeconds: null, json: null },
};

test.each([
  ['There is no such service.', 'next step  Compare the name, and --service'],
  ['This gateway has no archive.', 'next step  Name a folder at `retention.archive`'],
])('%s is followed by a next step that fits', (detail, step) => {
  expect(formatProblem({ ...PROBLEM, detail }, 'http://127.0.0.1:3000', 'operator')).toContain(step);
});

test.each([
  [401, 'unauthenticated', 'Renew the login'],
  [403, 'forbidden', 'Ask as a trusted backend'],
])('%i for an app is followed by a step for apps', (status, code, step) => {
  const problem = { ...PROBLEM, status, code, detail: 'No.' };
  expect(formatProblem(problem, 'http://127.0.0.1:3000', 'app')).toContain(`next step  ${step}`);
  expect(formatProblem(problem, 'http://127.0.0.1:3000', 'operator')).not.toContain(step);
});
