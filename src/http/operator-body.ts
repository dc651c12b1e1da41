import type { Request } from 'express';
import type { z } from 'zod';
import { refusedInput, refusedPrototypes } from './input-faults.ts';
import { isProblem, type Problem } from './problem.ts';
import { readWholeBody } from './read-body.ts';
import { checkJsonHeaders, parseJsonObject } from './read-json.ts';

/** A budget with limits for thousands of tenants fits. */
const BODY_BYTES_MAX = 1_048_576;

/**
 * The JSON body of an operator's request, checked. A refusal of the whole body (media type, size, not JSON) is a
 * problem of its own; of a body that can be read, all faults are told at once.
 */
export async function readOperatorBody<Body>(
  request: Request,
  schema: z.ZodType<Body>,
  fields: readonly string[],
): Promise<{ body: Body } | { problem: Problem }> {
  const unreadable = checkJsonHeaders(request.headers, BODY_BYTES_MAX);
  if (unreadable !== null) return { problem: unreadable };
  const bytes = await readWholeBody(request, BODY_BYTES_MAX);
  if (isProblem(bytes)) return { problem: bytes };
  const parsed = parseJsonObject(bytes);
  if ('problem' in parsed) return parsed;
  const prototypes = refusedPrototypes(parsed.value);
  if (prototypes !== null) return { problem: prototypes };
  const result = schema.safeParse(parsed.value);
  return result.success
    ? { body: result.data }
    : { problem: refusedInput(result.error, fields, parsed.value) };
}
