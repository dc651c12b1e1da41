import type { Settings } from '../config/settings.ts';
import { COMPAT_TOKEN_PATH } from '../http/frontend-paths.ts';
import { type CompatTokenDeps, createCompatTokenRoutes } from '../http/routes/compat-token.ts';

export interface WireCompatOptions extends Omit<CompatTokenDeps, 'takesPassword'> {
  settings: Pick<Settings, 'compatibility'>;
}

/** What older clients ask; no route at all where it is off. */
export function wireCompat({ settings, ...deps }: WireCompatOptions) {
  const { tokenEndpoint } = settings.compatibility;
  if (tokenEndpoint === 'off') return [];
  const takesPassword = tokenEndpoint === 'password';
  return [[COMPAT_TOKEN_PATH, createCompatTokenRoutes({ ...deps, takesPassword })] as const];
}
