/** When this process looks whether the forecast of a month crosses its limit. */
export interface ForecastLooks {
  /** Pause between two looks, ms. */
  everyMs: number;
  /** When the next one is due, ms since the epoch; null while one is under way. */
  nextLookAt(): number | null;
}
