import type { Findings } from './findings.ts';
import type { ConfigFile } from './read-config-file.ts';
import type { Environment } from './read-environment.ts';

/** What every builder of settings draws from: the environment before the file, and where faults go. */
export interface ConfigParts {
  environment: Environment;
  file: ConfigFile;
  findings: Findings;
}
