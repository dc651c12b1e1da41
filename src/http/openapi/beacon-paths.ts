import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { beaconSchema } from '../../contract/beacons.ts';
import { BODY_PROBLEMS, LEDGER_PROBLEMS } from './problem-groups.ts';
import { problemResponses } from './problem-responses.ts';

/** What browsers tell of their connections. */
export const BEACON_PATHS: readonly RouteConfig[] = [
  {
    method: 'post',
    path: '/v1/beacons',
    operationId: 'sendBeacon',
    tags: ['frontend'],
    summary: 'A browser tells what became of its connection',
    description:
      'The token in the body is the authentication: signed by the current or the previous key of a configured ' +
      'service, and not more than 10 minutes past its end. `connected` and `disconnected` prove that the identity was ' +
      'connected, `failed` is only counted. A repeated beacon changes nothing. For `navigator.sendBeacon`, the same JSON ' +
      'may come as `text/plain`.',
    security: [{}],
    request: {
      body: {
        required: true,
        content: { 'application/json': { schema: beaconSchema }, 'text/plain': { schema: beaconSchema } },
      },
    },
    responses: {
      204: { description: 'Taken.' },
      ...problemResponses([
        ...(['invalid-request', 'unauthenticated', 'rate-limited'] as const),
        ...BODY_PROBLEMS,
        ...LEDGER_PROBLEMS,
      ]),
    },
  },
];
