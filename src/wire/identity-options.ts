import type { Settings } from '../config/settings.ts';
import type { IdentityOptions } from '../issue/resolve-identity.ts';

/** How identities derive, for every part that derives one. */
export function buildIdentityOptions({
  identity,
  classes,
}: Settings): Omit<IdentityOptions, 'rememberedMax'> {
  return {
    ...identity,
    prefixes: Object.fromEntries(classes.map(({ name, prefix }) => [name, prefix])),
    pools: Object.fromEntries(
      classes.flatMap(({ name, identity: kind }) => (kind.kind === 'pool' ? [[name, kind.size]] : [])),
    ),
  };
}
