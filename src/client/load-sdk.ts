import { passing } from './error.ts';
import type { SdkClientLike, SdkConstructor, SdkModule } from './sdk.ts';

/** Loads the SDK at its first call, and again after a call that failed. */
export function createSdkLoader<C extends SdkClientLike>(
  load: () => Promise<SdkModule<C>>,
): () => Promise<SdkConstructor<C>> {
  let loading: Promise<SdkModule<C>> | undefined;
  return async () => {
    try {
      loading ??= load();
      const module = await loading;
      const Client = module.Client ?? module.default?.Client;
      if (!Client) throw module;
      return Client;
    } catch (cause) {
      loading = undefined;
      throw passing('sdk_load_failed', cause);
    }
  };
}
