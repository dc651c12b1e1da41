import { z } from 'zod';
import type { SchemaNode } from './config-json-schema.ts';
import { faultsOfIssue, genericExpectation, pathText } from './file-faults.ts';
import type { Findings } from './findings.ts';
import { withoutNulls } from './prune.ts';
import { parseYamlText } from './yaml-text.ts';

/** A file of data beside the configuration, such as prices, whose shape is right. */
export interface DataFile<Data> {
  data: Data;
  /** Where a path stands, for a fault. */
  place(steps: readonly (string | number)[]): { where: string; line: number };
}

/** The JSON Schema of such a file, as it is shipped beside the files. */
export function buildDataJsonSchema(schema: z.ZodType): SchemaNode {
  return z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }) as SchemaNode;
}

/** Parses the text of a YAML file and checks its shape; null when it is at fault, which is in `findings` then. */
export function parseDataFile<Data>(
  text: string,
  path: string,
  schema: z.ZodType<Data>,
  findings: Findings,
): DataFile<Data> | null {
  const yaml = parseYamlText(text, path, findings);
  if (!yaml) return null;
  const place = (steps: readonly PropertyKey[]) => ({
    where: steps.length === 0 ? path : `${path}:${pathText(steps)}`,
    line: yaml.lineOf(steps),
  });
  const raw = withoutNulls(yaml.data) ?? {};
  const parsed = schema.safeParse(raw, { error: genericExpectation });
  if (parsed.success) return { data: parsed.data, place };
  const known = buildDataJsonSchema(schema);
  for (const issue of parsed.error.issues) {
    for (const { steps, meant, ...words } of faultsOfIssue(issue, raw, known)) {
      findings.fault({ ...place(steps), ...words }, meant && place(meant).where);
    }
  }
  return null;
}
