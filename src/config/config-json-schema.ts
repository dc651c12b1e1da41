import { z } from 'zod';
import { configFileSchema } from './config-file-schema.ts';

/** A JSON Schema node, as far as this folder walks it. */
export interface SchemaNode {
  type?: string;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
}

/** The JSON Schema of the config file, as it is shipped beside it. */
export function buildConfigJsonSchema(): SchemaNode {
  return z.toJSONSchema(configFileSchema, { target: 'draft-2020-12', io: 'input' }) as SchemaNode;
}

/** The schema of what stands at a path of the file, or null where the schema knows nothing. Of several, that of a mapping. */
export function schemaAt(root: SchemaNode, path: readonly PropertyKey[]): SchemaNode | null {
  let nodes = formsOf(root);
  for (const step of path) nodes = nodes.flatMap((node) => formsOf(childOf(node, step)));
  return nodes.find((node) => node.properties) ?? nodes[0] ?? null;
}

function formsOf(node: SchemaNode | undefined): SchemaNode[] {
  return node?.anyOf?.flatMap(formsOf) ?? (node ? [node] : []);
}

function childOf(node: SchemaNode, step: PropertyKey): SchemaNode | undefined {
  if (typeof step === 'number') return node.items;
  return node.properties?.[String(step)] ?? asNode(node.additionalProperties);
}

function asNode(value: SchemaNode | boolean | undefined): SchemaNode | undefined {
  return typeof value === 'object' ? value : undefined;
}
