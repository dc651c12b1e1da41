/** What became of a test message, target by target. */
export interface AlertTestResult {
  target: string;
  /** Null: it was delivered. */
  error: string | null;
}

/** Sends a test message to every configured target, once. */
export interface AlertTester {
  /** Names of the targets; none: nobody is told of alerts. */
  targets: readonly string[];
  send(): Promise<AlertTestResult[]>;
}
