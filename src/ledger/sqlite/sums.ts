/** Adds to one of many sums. A Map rather than an object, because names may be such as `__proto__`. */
export function addTo(sums: Map<string, number>, name: string, amount: number): void {
  sums.set(name, (sums.get(name) ?? 0) + amount);
}
