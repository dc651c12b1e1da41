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
  expect(formatProblem({ ...PROBLEM, detail }, 'http://127.0.0.1:3000')).toContain(step);
});
