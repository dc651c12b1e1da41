/**
 * A function that asks for each key once. Resolving a label child of a metric validates names and hashes values; for keys
 * of a small fixed set once is enough.
 */
export function remember<Key, Child>(resolve: (key: Key) => Child): (key: Key) => Child {
  const children = new Map<Key, Child>();
  return (key) => {
    let child = children.get(key);
    if (child === undefined) {
      child = resolve(key);
      children.set(key, child);
    }
    return child;
  };
}
