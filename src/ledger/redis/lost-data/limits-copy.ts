import { createServiceKeys } from '../keys.ts';
import type { NameKey, NameOf } from '../names/names.ts';
import { type PageSource, resultsOf } from '../pages.ts';
import { codesInLimits, recodeLimits } from '../steering/limits-text.ts';

/** The version, and what scripts have read of the limits: that is of one epoch, and bytes. */
const NOT_COPIED = /^(#|in-force:)/;

/** Budgets, raises and freeze of a service as they were last seen. */
export interface LimitsCopy {
  version: number;
  limits: Record<string, string>;
  raises: Record<string, string>;
  /** Names behind the codes in these texts: a store that was emptied gives others. */
  named: NameKey[];
  nameOf: NameOf;
}

/** Reads all limits of a service, so that they outlive the store's own memory. */
export async function copyLimits({ client, names, prefix, service }: PageSource): Promise<LimitsCopy> {
  const keys = createServiceKeys(prefix, service);
  const reading = client.multi().hgetall(keys.limits).hgetall(keys.raises);
  const [limits, raises] = resultsOf<Record<string, string>>(await reading.exec());
  const version = Number(limits!['#version'] ?? 0);
  for (const field of Object.keys(limits!)) if (NOT_COPIED.test(field)) delete limits![field];
  const codes = new Set<NameKey>();
  codesInLimits(Object.values(limits!), codes);
  const nameOf = await names.lookUp(service, codes);
  const named = [...codes].map((code): NameKey => {
    const [kind, number] = code.split(':') as ['class' | 'tenant', string];
    return `${kind}:${nameOf(kind, Number(number))}`;
  });
  return { version, limits: limits!, raises: raises!, named, nameOf };
}

/** Puts limits back as a whole in a store that has older ones. Answers whether it had. */
export async function putLimitsBack(
  { client, names, prefix, service }: PageSource,
  { version, limits, raises, named, nameOf }: LimitsCopy,
): Promise<boolean> {
  const codeOf = await names.learn(service, named);
  const recoded = Object.fromEntries(
    Object.entries(limits).map(([field, text]) => [field, recodeLimits(text, nameOf, codeOf)]),
  );
  const keys = createServiceKeys(prefix, service);
  const texts = [JSON.stringify(recoded), JSON.stringify(raises)] as const;
  return (await client.limitsBack(keys.limits, keys.raises, version, ...texts)) === 'put-back';
}
