import type { z } from 'zod';
import { describeHidden } from './config-fault.ts';
import type { ConfigParts } from './config-parts.ts';
import type { Offer } from './findings.ts';
import type { Objection } from './value-schemas.ts';

/**
 * The secret behind a `…Env` field of the file. Undefined when the field is absent or the secret at fault.
 *
 * @param path where the field stands
 */
export function namedSecret(
  { environment, file, findings }: ConfigParts,
  path: readonly (string | number)[],
  name: string | undefined,
  schema: z.ZodType<string, string>,
): Offer<string> | undefined {
  if (name === undefined) return undefined;
  const secret = environment.secretNamed(name);
  if (secret === 'faulty') return undefined;
  if (secret === 'unset') {
    findings.fault({
      ...file.place(path),
      expected: `the variable ${name} or ${name}_FILE to be set`,
      found: 'neither',
    });
    return undefined;
  }
  const parsed = schema.safeParse(secret.value);
  if (parsed.success) return { ...secret, value: parsed.data };
  const issue = parsed.error.issues[0];
  const params: Objection = issue?.code === 'custom' ? (issue.params ?? {}) : {};
  findings.fault({
    where: secret.where,
    expected: issue?.message ?? 'another value',
    found: params.found ?? describeHidden(secret.value),
    ...(params.hint === undefined ? {} : { hint: params.hint }),
  });
  return undefined;
}
