import { TestEnvironment } from 'jest-environment-node';
import { watchSecrets } from './watch-secrets.js';

/**
 * Node's environment of Jest, in which all that is said during a test file is searched for the secrets that its tests
 * have planted. Whatever is found fails the file.
 */
export default class SecretWatchEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    this.watch = watchSecrets();
  }

  handleTestEvent({ name, test }, state) {
    if (name === 'test_start') this.watch.during(test.name);
    if (name === 'test_done') this.watch.during(null);
    // After the last hook, because gateways are stopped in hooks.
    if (name === 'run_finish') {
      const leaks = this.watch.stop();
      if (leaks.length > 0)
        state.unhandledErrors.push(new Error(`Secrets were given away:\n${leaks.join('\n')}`));
    }
  }

  async teardown() {
    this.watch?.stop();
    await super.teardown();
  }
}
