import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { checkCredentialCount } from './credentials.ts';
import { refusedInput } from './input-faults.ts';
import { isProblem, type Problem } from './problem.ts';
import { readWholeBody } from './read-body.ts';
import { checkJsonHeaders, parseJsonObject } from './read-json.ts';

/** Frontends send a few short fields. */
const BODY_BYTES_MAX = 8192;

/**
 * The parsed body of a frontend's request, or the refusal that its headers or its body deserve. Never settles when
 * the client goes away before the body is whole.
 *
 * @param checkHeaders says which media types may carry the JSON
 */
export async function readJsonRequest<Shape extends z.ZodRawShape>(
  request: IncomingMessage,
  schema: z.ZodObject<Shape>,
  checkHeaders = checkJsonHeaders,
): Promise<{ body: z.infer<z.ZodObject<Shape>> } | { problem: Problem }> {
  const unreadable = checkHeaders(request.headers, BODY_BYTES_MAX) ?? checkCredentialCount(request);
  if (unreadable !== null) return { problem: unreadable };
  const bytes = await readWholeBody(request, BODY_BYTES_MAX);
  if (isProblem(bytes)) return { problem: bytes };
  const parsed = parseJsonObject(bytes);
  if ('problem' in parsed) return parsed;
  const result = schema.safeParse(parsed.value);
  if (result.success) return { body: result.data };
  return { problem: refusedInput(result.error, Object.keys(schema.shape), parsed.value) };
}
