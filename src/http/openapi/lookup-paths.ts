import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { identityLookupSchema } from '../../contract/identity-lookup.ts';
import { month, questionPath, reason, service } from './operator-parts.ts';

const list = z.string().meta({
  description:
    'Columns or fields `subject`, and where needed `issuer`; `class` when it is known. Others are passed over. 16 MB ' +
    'and 100,000 lines at most.',
});

const asked = questionPath({
  path: '/v1/identity-lookups',
  operationId: 'lookUpIdentities',
  summary: 'Which identities the people of a list have, and whether a month has them; audited; role admin',
  question: list,
  answer: identityLookupSchema,
  exported: true,
});

/** Routes that say who is who. */
export const LOOKUP_PATHS: readonly RouteConfig[] = [
  {
    ...asked,
    request: {
      query: z.object({ service, month: month.optional(), reason }),
      body: {
        required: true,
        content: { 'text/csv': { schema: list }, 'application/x-ndjson': { schema: list } },
      },
    },
  },
];
