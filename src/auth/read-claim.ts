import { isPlainObject } from './plain-object.ts';

/**
 * Reads a claim by its name. A literal match wins, because namespaced claims (`https://app.example/tenant`)
 * have dots of their own; else each prefix that is a claim is entered with the rest of the name.
 */
export function readClaim(claims: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    const prefix = name.slice(0, dot);
    const nested = Object.hasOwn(claims, prefix) ? claims[prefix] : undefined;
    const found = isPlainObject(nested) ? readClaim(nested, name.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
