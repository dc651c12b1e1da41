import { z } from 'zod';
import { configFileSchema } from './config-file-schema.ts';

/** A JSON Schema node, as far as this folder walks it. */
export interface SchemaNode {
  type?: string;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
}

/** The JSON Schema of the config file, as it is shipped beside it. */
export function buildConfigJsonSchema(): SchemaNode {
  return z.toJSONSchema(configFileSchema, { target: 'draft-2020-12', io: 'input' }) as SchemaNode;
}

/** The schema of what stands at a path of the file, or null where the schema knows nothing. */
export function schemaAt(root: SchemaNode, path: readonly PropertyKey[]): SchemaNode | null {
  let node: SchemaNode | undefined = root;
  for (const step of path) {
    if (typeof step === 'number') node = node?.items;
    else node = node?.properties?.[String(step)] ?? asNode(node?.additionalProperties);
  }
  return node ?? null;
}

function asNode(value: SchemaNode | boolean | undefined): SchemaNode | undefined {
  return typeof value === 'object' ? value : undefined;
}
