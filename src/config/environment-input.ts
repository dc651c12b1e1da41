/** Raw material: nothing of it is parsed yet. */
export interface EnvironmentInput {
  env: Readonly<Record<string, string | undefined>>;
  /** A file of variables that fills in what the environment leaves out; it need not exist. */
  dotEnvFile?: string;
  /** Relative paths of the configuration start here. */
  cwd: string;
  /** Reads a whole text file or throws with an `ErrnoException` code. */
  readFile: (path: string) => string;
}
