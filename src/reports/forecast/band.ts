/** A number that is not known yet: `low` ≤ `mid` ≤ `high`. */
export interface Band {
  low: number;
  mid: number;
  high: number;
}
