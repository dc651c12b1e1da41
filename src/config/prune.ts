import type { z } from 'zod';
import { type SchemaNode, schemaAt } from './config-json-schema.ts';

type Tree = Record<PropertyKey, unknown>;

/** A key without a value, as when all lines under it are comments, is as good as no key. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) => (child === null ? [] : [[key, withoutNulls(child)]])),
  );
}

/**
 * A copy without the values that the issues are about. Where a mapping should be there is an empty one, so that
 * positions in lists stay those of the file and what the mapping lacks is asked for at its place.
 */
export function prune(data: unknown, issues: readonly z.core.$ZodIssue[], schema: SchemaNode): unknown {
  if (issues.some((issue) => issue.path.length === 0 && issue.code !== 'unrecognized_keys')) return {};
  const copy = structuredClone(data);
  const paths = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
  );
  // From the back, so that cutting an entry out of a list does not move those still to be cut.
  for (const path of paths.toReversed()) remove(copy, path, schema);
  return copy;
}

function remove(root: unknown, path: readonly PropertyKey[], schema: SchemaNode): void {
  let parent: unknown = root;
  for (const step of path.slice(0, -1)) parent = (parent as Tree | undefined)?.[step];
  const last = path.at(-1);
  if (last === undefined || typeof parent !== 'object' || parent === null) return;
  if (schemaAt(schema, path)?.type === 'object') (parent as Tree)[last] = {};
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete (parent as Tree)[last];
}
